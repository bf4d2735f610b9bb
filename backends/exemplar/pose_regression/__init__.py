"""The cascade of pose regressors: section 3.4 of the classifier paper (AAAI 2018)."""
