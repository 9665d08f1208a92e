#pragma once
// Before ldns, which otherwise defines `bool` as a signed char.
#include <stdbool.h>
#include <ldns/ldns.h>
