#pragma once
#include <stdlib.h>
#include <idn2.h>

/// Frees what libidn2 allocated.
static inline void ligase_idn2_free(char *text) { idn2_free(text); }
