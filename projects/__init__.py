"""What a labelling project is: vocabulary, store, images and formats. No torch, no Qt."""
