"""Wears drawn cards by augraphy, which is somebody else's damage, so that readers are not judged by our own alone.

Runs in an environment of its own (`make worn`), because augraphy brings another OpenCV, and imports nothing of the project.
Pictures keep their names and sizes, so the truth beside them stays true. The same seed wears the same.

    python tests/worn_cards.py DIR OUT [SEED]
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path

import augraphy
import cv2
import numpy as np

QUALITY = 85
BESIDE = ("geometry.json", "truth.csv", "places.json")


def pipeline() -> augraphy.AugraphyPipeline:
    """What ink, paper, copiers and scanners do: each of it now and then, none of which moves a point of the picture."""
    ink = [
        augraphy.InkBleed(intensity_range=(0.1, 0.4), kernel_size=(3, 3), p=0.3),
        augraphy.InkMottling(p=0.2),
        augraphy.LowInkRandomLines(count_range=(3, 8), use_consistent_lines=False, p=0.2),
        augraphy.LowInkPeriodicLines(count_range=(2, 4), period_range=(20, 40), p=0.1),
    ]
    paper = [
        augraphy.NoiseTexturize(sigma_range=(2, 6), turbulence_range=(2, 5), p=0.3),
        augraphy.BrightnessTexturize(texturize_range=(0.9, 0.99), deviation=0.03, p=0.3),
        augraphy.Stains(stains_blend_alpha=0.4, p=0.2),
    ]
    post = [
        augraphy.BleedThrough(alpha=0.1, offsets=(10, 20), p=0.2),
        augraphy.DirtyDrum(line_width_range=(1, 2), line_concentration=0.05, noise_intensity=0.3, p=0.2),
        augraphy.DirtyRollers(line_width_range=(2, 12), p=0.2),
        augraphy.LightingGradient(p=0.2),
        augraphy.ShadowCast(shadow_opacity_range=(0.2, 0.5), p=0.2),
        augraphy.SubtleNoise(subtle_range=6, p=0.5),
        augraphy.NoisyLines(noisy_lines_number_range=(2, 5), p=0.1),
        augraphy.Jpeg(quality_range=(40, 90), p=0.6),
    ]
    return augraphy.AugraphyPipeline(ink_phase=ink, paper_phase=paper, post_phase=post)


def worn(picture: np.ndarray, seed: int) -> np.ndarray:
    """A picture worn as its seed will have it, of the same size and still grey."""
    random.seed(seed)
    np.random.seed(seed)
    cv2.setRNGSeed(seed)
    made = np.asarray(pipeline()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)))
    grey = cv2.cvtColor(made, cv2.COLOR_BGR2GRAY) if made.ndim == 3 else made
    if grey.shape != picture.shape:
        raise ValueError(f"the picture came back as {grey.shape}, it was {picture.shape}")
    return grey


def main() -> int:
    """Wears all pictures of a folder into another."""
    source, target = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    target.mkdir(parents=True, exist_ok=True)
    for name in BESIDE:
        shutil.copyfile(source / name, target / name)
    os.chdir(target)  # augraphy leaves a cache where it stands
    pictures = sorted(source.glob("*.jpg"))
    for number, path in enumerate(pictures):
        if (target / path.name).exists():
            continue  # what was worn before a break stays
        grey = worn(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), seed * 100_003 + number)
        made = target / (path.name + ".part")
        made.write_bytes(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
        made.rename(target / path.name)
        sys.stdout.write(f"\r{number + 1} of {len(pictures)}")
        sys.stdout.flush()
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
