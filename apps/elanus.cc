#include "cli/main.h"

int main(int argc, char** argv) { return elanus::cli::main(argc, argv); }
