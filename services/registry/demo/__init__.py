"""Demo (示例数据): what makes every page of the sample city show something at the first look. Everybody in it is invented."""
