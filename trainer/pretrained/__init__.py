"""What a network pretrained on ImageNet tells a training: how real pictures look, and how alike two of them are.

Its features (`lite0`) are frozen, and only the trainer has them: neither checkpoints nor weights folders hold any.
`projected` is a discriminator on them, `opponent` that discriminator in the game against a generator of pictures, and
`perceptual` a distance between pictures.
"""
