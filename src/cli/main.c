/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli.h"

#include "lks-secret-trace.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const LksCliCommand commands[] = {
  { "capability", "list|import|…", "Keys to boards: the vault, and what a file is",
    lks_cli_capability },
  { "cloud", "sign-in|sign-out|accounts", "The vendor's cloud: who is signed in", lks_cli_cloud },
  { "list", NULL, "Attached boards and their state", lks_cli_list },
  { "status", NULL, "Everything known about a board", lks_cli_status },
  { "check", NULL, "Is the board as a recipe demands? Changes nothing", lks_cli_check },
  { "finalize", NULL, "Check, lock for ever, restart, prove it, record it", lks_cli_finalize },
  { "session", "start|end|status", "Open a locked board for a while, with a capability",
    lks_cli_servicing },
  { "operator", "log|set-pin", "Who was at this station, and the engineer's PIN",
    lks_cli_operator },
  { "recipe", "check|show|sign|new-key", "What a recipe says, and who answers for it",
    lks_cli_recipe },
  { "records", "list|show|export", "What was done to which board", lks_cli_records },
  { "image", "VERB", "Software of a board: what is installed, install, delete", lks_cli_image },
  { "prepare", "development|cloud-test", "Make a board ready for development or cloud tests",
    lks_cli_prepare },
  { "app", "VERB", "Applications of a board: status, start, stop, memory", lks_cli_app },
  { "wifi", "VERB", "Wi-Fi networks of a board", lks_cli_wifi },
  { "network", "VERB", "Interfaces, proxy, firewall, the way to the cloud", lks_cli_network },
  { "cert", "VERB", "Certificate store of a board", lks_cli_cert },
  { "log", "save|show", "Diagnostic log of a board", lks_cli_log },
  { "telemetry", "save|clear", "Error reports of a board", lks_cli_telemetry },
  { "restart", NULL, "Restart a board, and prove it", lks_cli_restart },
  { "ota", NULL, "Does a board update itself? Wait until it is over", lks_cli_ota },
  { "support", "save|preview", "Everything a helper needs to know, in one archive",
    lks_cli_support },
};

static void
print_help (FILE *stream)
{
  fputs ("Usage: locksmithctl COMMAND [OPTION…]\n\n"
         "Finalizes and services Azure Sphere boards.\n\n"
         "Commands:\n",
         stream);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
  fputs ("\n"
         "  --help, -h     this text; after a command: its options\n"
         "  --version      the program's version\n\n"
         "Exit status: 0 done or PASS, 1 FAIL, 2 usage, 3 no such board, 4 link or device error,\n"
         "5 refused for safety, 6 cloud, 7 vault, 130 interrupted.\n",
         stream);
}

static const LksCliCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];

  return NULL;
}

int
main (int argc, char **argv)
{
  const LksCliCommand *command;

  lks_secret_wipe_openssl ();
  setlocale (LC_ALL, "");
  g_set_prgname ("locksmithctl");
  g_log_writer_default_set_use_stderr (TRUE); /* standard output is for answers */

  if (argc < 2)
    {
      print_help (stderr);
      return LKS_CLI_EXIT_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_help (stdout);
      return LKS_CLI_EXIT_DONE;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      printf ("locksmithctl %s\n", LKS_VERSION);
      return LKS_CLI_EXIT_DONE;
    }

  command = find_command (argv[1]);
  if (command == NULL)
    {
      fprintf (stderr, "locksmithctl: there is no command “%s”; “locksmithctl --help” lists them\n",
               argv[1]);
      return LKS_CLI_EXIT_USAGE;
    }

  return command->run (argc - 1, argv + 1);
}
