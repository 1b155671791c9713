// How library.db keeps the paths of pictures.
#pragma once

namespace elanus::store_local {

enum class Paths {
  absolute,
  portable,  // relative to the folder that the store's folder is in, for those below it: both can move
             // together
};

}  // namespace elanus::store_local
