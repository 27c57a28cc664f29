"""Proposals (变更申请): changes of units that concern others, approved by the unit above both."""
