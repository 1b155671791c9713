"""Writes the small pictures that the decoders are tested and fuzzed with, and what Pillow makes of them.

    python3 tools/golden/pictures.py        (from the repository root; needs Pillow and NumPy)

tests/inputs/<format>_fuzz/NAME            the picture, a few hundred bytes
tests/goldens/pictures/<format>_fuzz/NAME.ppm  upright RGB over white, by Pillow
tests/goldens/resize/FILTER_SW_SH_RW_RH_X_Y_W_H.ppm  the window of a resized noise picture, by Pillow
"""
import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

INPUTS, GOLDENS = pathlib.Path("tests/inputs"), pathlib.Path("tests/goldens")
W, H = 23, 17


def scene(channels=3):
    """Smooth colour with a hard edge, and an alpha ramp as the fourth channel."""
    y, x = np.mgrid[0:H, 0:W]
    planes = [x * 11, y * 15, (x * y) % 256, 255 - x * 9]
    planes[0] = np.where(x > y, planes[0], 255 - planes[0])
    return np.stack(planes[:channels], -1).astype(np.uint8)


RGB, RGBA = Image.fromarray(scene()), Image.fromarray(scene(4))
GREY = RGB.convert("L")


def over_white(image):
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        white.alpha_composite(image)
        image = white
    return image.convert("RGB")


def write(kind, name, data, expected=None):
    path = INPUTS / f"{kind}_fuzz" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    golden = GOLDENS / "pictures" / f"{kind}_fuzz" / (name + ".ppm")
    golden.parent.mkdir(parents=True, exist_ok=True)
    (expected or over_white(Image.open(io.BytesIO(data)))).save(golden)


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def exif(orientation):
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()


def made_profile(space):
    """Little CMS' own profile, without the time at which it was made."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes())
    data[24:36] = bytes(12)
    return bytes(data)


def swapped_profile():
    """A matrix profile whose red and blue primaries are exchanged, with a gamma of 1.8."""
    def xyz(*v):
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(c * 65536)) for c in v)

    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(1.8 * 256))
    words = b"swapped\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(78),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(*blue), b"gXYZ": xyz(*green), b"bXYZ": xyz(*red),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s12s4s4sIII8sI12s4s", size, b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ",
                         bytes(12), b"acsp", b"none", 0, 0, 0, bytes(8), 0,
                         b"".join(struct.pack(">i", round(c * 65536)) for c in (0.9642, 1.0, 0.8249)), b"none")
    return header + bytes(128 - len(header)) + struct.pack(">I", len(tags)) + table + body


def png(width, height, depth, colour, raster, interlace=0, chunks=b""):
    """A PNG from filtered rows."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", zlib.compress(raster, 9)) +
            chunk(b"IEND", b""))


def adam7(pixels):
    rows = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for row in pixels[y0::dy, x0::dx]:
            if len(row):
                rows += b"\0" + row.tobytes()
    return rows


def jpegs():
    write("jpeg", "rgb.jpg", saved(RGB, "JPEG", quality=90))
    write("jpeg", "rgb444.jpg", saved(RGB, "JPEG", quality=80, subsampling=0))
    write("jpeg", "restart.jpg", saved(RGB, "JPEG", quality=80, restart_marker_blocks=1))
    write("jpeg", "grey.jpg", saved(GREY, "JPEG", quality=80))
    write("jpeg", "cmyk.jpg", saved(RGB.convert("CMYK"), "JPEG", quality=90))
    write("jpeg", "progressive.jpg", saved(RGB, "JPEG", quality=80, progressive=True))
    write("jpeg", "icc_srgb.jpg",
          saved(RGB, "JPEG", quality=80, icc_profile=made_profile("sRGB")))
    for orientation in range(9):
        write("jpeg", f"orientation_{orientation}.jpg", saved(RGB, "JPEG", quality=70, exif=exif(orientation)))
    large = RGB.resize((200, 160), Image.Resampling.BICUBIC)
    write("jpeg", "large.jpg", saved(large, "JPEG", quality=70, exif=exif(6)))


def pngs():
    write("png", "rgb.png", saved(RGB, "PNG"))
    write("png", "rgba.png", saved(RGBA, "PNG"))
    write("png", "grey.png", saved(GREY, "PNG"))
    write("png", "grey_alpha.png", saved(RGBA.convert("LA"), "PNG"))
    write("png", "one_bit.png", saved(RGB.convert("1"), "PNG"))
    palette = RGB.quantize(13)
    write("png", "palette.png", saved(palette, "PNG"))
    write("png", "palette_trns.png", saved(palette, "PNG", transparency=3))
    write("png", "rgb_trns.png", saved(RGB, "PNG", transparency=(0, 0, 0)))
    write("png", "orientation_6.png", saved(RGB, "PNG", exif=exif(6)))
    write("png", "interlaced.png", png(W, H, 8, 2, adam7(scene()), 1))
    wide = scene().astype(">u2") * 257
    write("png", "rgb16.png", png(W, H, 16, 2, b"".join(b"\0" + row.tobytes() for row in wide)))
    # Pillow cuts 16-bit grey off at 255 on its way to RGB; what is meant is the high byte.
    grey = np.asarray(GREY)
    write("png", "grey16.png", png(W, H, 16, 0, b"".join(b"\0" + row.tobytes() for row in grey.astype(">u2") * 257)),
          GREY.convert("RGB"))
    profile = swapped_profile()
    converted = ImageCms.profileToProfile(RGB, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"))
    write("png", "icc_swapped.png", saved(RGB, "PNG", icc_profile=profile), converted)
    write("png", "icc_broken.png", saved(RGB, "PNG", icc_profile=b"not a profile"))


def webps():
    write("webp", "lossy.webp", saved(RGB, "WEBP", quality=80))
    write("webp", "lossless.webp", saved(RGB, "WEBP", lossless=True))
    write("webp", "alpha.webp", saved(RGBA, "WEBP", lossless=True, exact=True))
    write("webp", "lossy_alpha.webp", saved(RGBA, "WEBP", quality=70))
    write("webp", "orientation_8.webp", saved(RGB, "WEBP", lossless=True, exif=exif(8)))
    write("webp", "animated.webp",
          saved(RGB, "WEBP", lossless=True, save_all=True, append_images=[ImageOps.invert(RGB)], duration=100))


def gifs():
    palette = RGB.quantize(30)
    write("gif", "plain.gif", saved(palette, "GIF", interlace=0))
    write("gif", "interlaced.gif", saved(palette, "GIF", interlace=1))
    write("gif", "transparent.gif", saved(palette, "GIF", transparency=5))
    write("gif", "animated.gif", saved(palette, "GIF", save_all=True, append_images=[RGB.rotate(180).quantize(30)]))


def bmps():
    for name, image in {"rgb": RGB, "rgba": RGBA, "grey": GREY, "palette": RGB.quantize(200), "one_bit": RGB.convert("1")}.items():
        write("bmp", f"{name}.bmp", saved(image, "BMP"))


def tiffs():
    for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        write("tiff", f"{name}.tif", saved(RGB, "TIFF", compression=name))
    write("tiff", "rgba.tif", saved(RGBA, "TIFF", compression="tiff_lzw"))
    write("tiff", "grey.tif", saved(GREY, "TIFF"))
    write("tiff", "group4.tif", saved(RGB.convert("1"), "TIFF", compression="group4"))
    write("tiff", "palette.tif", saved(RGB.quantize(40), "TIFF"))
    write("tiff", "cmyk.tif", saved(RGB.convert("CMYK"), "TIFF"))
    write("tiff", "big.tif", saved(RGB, "TIFF", big_tiff=True))
    write("tiff", "orientation_5.tif", saved(RGB, "TIFF", tiffinfo={274: 5}))
    write("tiff", "strips.tif", saved(RGB, "TIFF", compression="raw", tiffinfo={278: 4}))


def pnms():
    write("pnm", "rgb.ppm", saved(RGB, "PPM"))
    write("pnm", "grey.pgm", saved(GREY, "PPM"))
    write("pnm", "one_bit.pbm", saved(RGB.convert("1"), "PPM"))
    plain = f"P3 # plain\n{W} {H}\n255\n" + "\n".join(" ".join(map(str, row)) for row in scene().reshape(H, -1))
    write("pnm", "plain.ppm", plain.encode())


def metadata():
    """Seeds for the parsers of what pictures carry; no goldens."""
    for name, data in {"icc_fuzz/swapped.icc": swapped_profile(), "exif_fuzz/orientation_7.exif": exif(7),
                       "icc_fuzz/srgb.icc": made_profile("sRGB"),
                       "icc_fuzz/lab.icc": made_profile("LAB")}.items():
        path = INPUTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def noise(width, height):
    i = np.arange(width * height * 3, dtype=np.uint64)
    return (((i * 2654435761 + 12345) % 2**32) >> 24).astype(np.uint8).reshape(height, width, 3)


def resizes():
    (GOLDENS / "resize").mkdir(parents=True, exist_ok=True)
    cases = [(f, 61, 47, 29, 22, 0, 0, 29, 22) for f in range(6)] + [(f, 7, 5, 24, 17, 3, 2, 20, 15) for f in (1, 2, 3, 4)]
    cases += [(3, 200, 133, 33, 22, 5, 0, 22, 22), (3, 24, 24, 24, 24, 0, 0, 24, 24), (3, 1, 1, 9, 9, 0, 0, 9, 9),
              (3, 300, 2, 30, 20, 0, 0, 30, 20), (3, 2, 300, 20, 30, 0, 0, 20, 30), (3, 40, 30, 20, 15, -3, -2, 26, 19)]
    for filter, sw, sh, rw, rh, x, y, w, h in cases:
        # In two steps, because Pillow 13 chooses the order of the passes and older ones do not.
        image = Image.fromarray(noise(sw, sh))
        image = image.resize((rw, rh), 0) if filter == 0 else image.resize((rw, sh), filter).resize((rw, rh), filter)
        image.crop((x, y, x + w, y + h)).save(
            GOLDENS / "resize" / f"{filter}_{sw}_{sh}_{rw}_{rh}_{x}_{y}_{w}_{h}.ppm")


if __name__ == "__main__":
    for make in (jpegs, pngs, webps, gifs, bmps, tiffs, pnms, metadata, resizes):
        make()
