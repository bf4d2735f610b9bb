"""What a labelling project is: vocabulary, store, image files and exchange formats. No torch, no Qt."""
