"""Activities (宣传培训演练): trainings, publicity (五进) and drills, planned and held."""
