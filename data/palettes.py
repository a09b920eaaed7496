"""Classes of label maps and the colours by which files name them."""

PALETTES: dict[str, tuple[str, ...]] = {
    "cityscapes": (  # Cordts et al., "The Cityscapes Dataset", 2016; rare classes count as that of the nearest colour
        "road #804080",
        "sidewalk #f423e8",
        "parking #faaaa0",
        "building #464646",
        "wall #66669c",
        "fence #be9999",
        "pole #999999",
        "traffic light #faaa1e",
        "traffic sign #dcdc00",
        "tree #6b8e23",
        "grass #98fb98",
        "sky #4682b4",
        "person #dc143c",
        "rider #ff0000",
        "car #00008e",
        "truck #000046",
        "bus #003c64",
        "train #005064",
        "motorcycle #0000e6",
        "bicycle #770b20",
        "other #000000",
    ),
}
