/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-hint.h"

#include <string.h>

#define NUMBERS_MAX 10

/* The numbers are for people: what to do is decided by the error word alone, as the vendor's page
 * on error codes demands. */
static const struct
{
  const char *hint;
  guint numbers[NUMBERS_MAX]; /* ends with 0 */
} hints[] = {
  { "the redirect address is not registered for the application", { 50011, 900971 } },
  { "this account does not exist in that directory: wrong account or wrong directory",
    { 50020, 50034, 51004, 16000 } },
  { "the account is locked, or this address is blocked", { 50053 } },
  { "the password is wrong or expired, or the account is disabled", { 50055, 50057, 50126 } },
  { "the directory (tenant) is missing or was not found", { 50059, 90002, 90019 } },
  { "a second factor is needed", { 50072, 50074, 50076, 50079 } },
  { "a Conditional Access policy of your organization blocks this",
    { 50097, 50129, 53000, 53001, 53003, 530032, 50131 } },
  { "the account is not assigned to the application", { 50105 } },
  { "the sign-in was confirmed in another region", { 50134 } },
  { "the saved sign-in has expired or was revoked",
    { 50173, 50089, 70008, 700082, 70043, 50132, 50133 } },
  { "name the directory (tenant) instead of any", { 50194, 9001023, 90124, 90130 } },
  { "the interface is not present in this directory", { 500011, 650052, 650057 } },
  { "consent is missing or was refused, or only an administrator may give it",
    { 65001, 65004, 90094, 90095 } },
  { "this application belongs to the vendor; register one of your own", { 65002 } },
  { "the application ID was not found in this directory, or is disabled",
    { 700016, 70001, 7000112 } },
  { "“Allow public client flows” must be switched on in the application's registration",
    { 7000218 } },
  { "the application is public and must not send a secret", { 700025 } },
  { "the application's secret is wrong or expired, or its certificate was refused",
    { 7000215, 7000222, 700027 } },
  { "the service asks to slow down", { 90055, 90024, 90006, 90033, 50196 } },
};

/**
 * lks_sign_in_get_hint:
 * @text: (nullable): what the sign-in service says, with an AADSTS number in it
 *
 * Returns: (nullable): the same in a person's words, without a full stop
 */
const char *
lks_sign_in_get_hint (const char *text)
{
  const char *at = text != NULL ? strstr (text, "AADSTS") : NULL;
  guint64 number = at != NULL ? g_ascii_strtoull (at + strlen ("AADSTS"), NULL, 10) : 0;

  for (gsize i = 0; number != 0 && i < G_N_ELEMENTS (hints); i++)
    for (gsize j = 0; j < NUMBERS_MAX && hints[i].numbers[j] != 0; j++)
      if (hints[i].numbers[j] == number)
        return hints[i].hint;
  return NULL;
}
