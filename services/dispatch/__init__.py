"""Dispatch (派单): decides who must act on a report and keeps the work orders."""
