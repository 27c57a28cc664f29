"""Coverage (岗位覆盖): which units and premises lack somebody whom they must have."""
