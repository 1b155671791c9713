// Embedded ICC profiles to sRGB.
#pragma once
#include "image/codec.h"

namespace elanus::image {

// Converts gray, rgb, rgba and cmyk samples to sRGB (layout rgb, or rgba kept) where the profile is usable,
// belongs to the layout and differs from sRGB by more than 2 levels somewhere; else leaves the pixels as they
// are. A broken profile is no reason to lose a picture. Perceptual intent, as the profile's maker meant
// pictures to be shown.
void apply_profile(Pixels& pixels);

}  // namespace elanus::image
