"""Category suggestion: a port, a linear model behind it, its training data and its files. Never decides, only suggests."""
