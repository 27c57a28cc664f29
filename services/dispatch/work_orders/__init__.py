"""Work orders (工单): the duty of one lead unit to act."""
