// Preloaded, hides AVX-512 and AVX-VNNI from a program and its children, so that a newer machine shows what one with AVX2
// alone does, to us and to a peer that has no setting for it:
//     cc -O2 -shared -fPIC -o without_avx512.so without_avx512.c && LD_PRELOAD=$PWD/without_avx512.so python3 run.py ...
// For x86-64 Linux on a processor that lets CPUID be trapped (cpuid_fault in /proc/cpuinfo): arch_prctl(2).
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <cpuid.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef ARCH_SET_CPUID
#define ARCH_SET_CPUID 0x1012
#endif

static void trapped(int number, siginfo_t* info, void* context) {
  (void)info;
  greg_t* regs = ((ucontext_t*)context)->uc_mcontext.gregs;
  const unsigned char* at = (const unsigned char*)regs[REG_RIP];
  if (at[0] != 0x0f || at[1] != 0xa2) {
    signal(number, SIG_DFL);  // a real fault: once more, without us
    return;
  }
  unsigned leaf = (unsigned)regs[REG_RAX], part = (unsigned)regs[REG_RCX], a, b, c, d;
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
  __cpuid_count(leaf, part, a, b, c, d);
  syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
  // Intel's Software Developer's Manual, volume 2A, CPUID: the features of AVX-512, AMX and AVX-VNNI.
  if (leaf == 7 && part == 0) {
    b &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
    c &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);
    d &= ~(1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25);
  } else if (leaf == 7 && part == 1) {
    a &= ~(1u << 4 | 1u << 5);
  }
  regs[REG_RAX] = a, regs[REG_RBX] = b, regs[REG_RCX] = c, regs[REG_RDX] = d;
  regs[REG_RIP] += 2;
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action = {0};
  action.sa_sigaction = trapped;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, 0);
  if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0)) {
    perror("this processor does not let CPUID be trapped");
    exit(1);
  }
}
