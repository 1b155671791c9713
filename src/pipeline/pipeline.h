// pipeline: chains of operators over named columns, checked by the compiler.
//
//     from<"text">({"A white dog", "A black dog"})
//         .map<"text", "vec">(embed)
//         .map<"vec", "hits">(find)
//         .for_each<"text", "hits">(print);
//
// The last name of a verb is its output, the ones before it are its inputs; an output that exists is
// replaced. An operator is any callable whose call is const; it may return a Result, and an exception counts
// as an error. Rows keep their order.
//
// A chain runs when its last verb is called, and is pulled by it: memory is bounded by 2n rows for each stage
// under parallel(n), a batch, a window and the prefetched rows. With OnError::stop (the default) the first
// failing row ends the run after the rows before it have arrived, and the last verb returns its error.
//
// Thread-safety: a chain belongs to one thread. Chains share nothing but their operators, so a plain function
// that builds a chain and runs it is safe on any thread.
#pragma once
#include "pipeline/chain.h"
#include "pipeline/from.h"
