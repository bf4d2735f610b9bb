"""What every network of densities stands on: from a crop to one density for each landmark, and from
densities to a calibrated distribution over shapes. It knows no backend; a backend brings its
network (`network.DensityNetwork`), its settings (`settings.TrainingSettings`) and its course.

Source of the densities and their losses: Chen, Su, Ji, "Face Alignment with Kernel Density Deep
Neural Network" (ICCV 2019).
"""
