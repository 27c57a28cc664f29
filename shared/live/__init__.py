"""Live changes: who watches is told at once what changed within their reach; ids and kinds only, never contents."""
