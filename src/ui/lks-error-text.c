/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-error-text.h"

#include "lks-advice.h"
#include "lks-board.h"
#include "lks-cloud-error.h"
#include "lks-cursor.h"
#include "lks-device-error.h"
#include "lks-device-number.h"
#include "lks-ledger.h"
#include "lks-operator-error.h"
#include "lks-run.h"
#include "lks-service-error.h"
#include "lks-session-error.h"
#include "lks-share.h"
#include "lks-usb-error.h"
#include "lks-vault-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  int code;
  const char *sentence;
  const char *advice;
} ErrorText;

static const ErrorText usb_texts[] = {
  { LKS_USB_ERROR_IO, N_ ("The USB adapter gave a wrong answer, or none."),
    N_ ("Unplug it and plug it in again. If it happens again, try another port or cable.") },
  { LKS_USB_ERROR_NO_DEVICE, N_ ("The USB adapter is not attached any more."),
    N_ ("Plug it in again.") },
  { LKS_USB_ERROR_DENIED, N_ ("The operating system does not let you use this USB device."),
    N_ ("Install Locksmith’s udev rule (70-locksmith.rules) into /etc/udev/rules.d, then unplug "
        "the "
        "board and plug it in again.") },
  { LKS_USB_ERROR_BUSY, N_ ("Another program is using this board."),
    N_ ("Close the other program. Locksmith tries again by itself.") },
};

static const ErrorText board_texts[] = {
  { LKS_BOARD_ERROR_IDENTITY, N_ ("The board did not give the same device ID twice."),
    N_ ("Unplug it, plug it in again, and look at it once more. If it happens again, set the board "
        "aside.") },
  { LKS_BOARD_ERROR_DUPLICATE, N_ ("Another place reports the same device ID."),
    N_ ("Unplug one of the two. Nothing is written to either of them while both are attached.") },
  { LKS_BOARD_ERROR_NOT_READY, N_ ("The board does not answer yet."),
    N_ ("Wait a moment. If it stays silent, check its power and press its reset button.") },
  { LKS_BOARD_ERROR_NOT_PROGRAMMED,
    N_ ("The USB adapter does not carry the names that a board has."),
    N_ ("If this is a board, have its adapter programmed with the board’s strings, or add its "
        "product string in Preferences.") },
};

static const ErrorText device_texts[] = {
  { LKS_DEVICE_ERROR_UNREACHABLE, N_ ("The board does not answer."),
    N_ ("Check its power and press its reset button. A board that is just being updated is silent "
        "for a few minutes.") },
  { LKS_DEVICE_ERROR_UNTRUSTED, N_ ("What answers does not look like a genuine board."),
    N_ ("Check what is plugged in. If your boards use certificates of their own, put their CA file "
        "into the folder of trusted certificates.") },
  { LKS_DEVICE_ERROR_LOST, N_ ("The connection broke in the middle of a request."),
    N_ ("Check the cable. Locksmith asks the board what became of the request before it repeats "
        "anything.") },
  { LKS_DEVICE_ERROR_TIMED_OUT, N_ ("The board took too long to answer."),
    N_ ("Wait a moment and try again. If it stays slow, press its reset button.") },
  { LKS_DEVICE_ERROR_BAD_ANSWER, N_ ("The board gave an answer that makes no sense."),
    N_ ("Check the cable and try again. If it happens again, set the board aside.") },
  { LKS_DEVICE_ERROR_REFUSED, N_ ("The board refused: it is locked for this request."),
    N_ ("Open a servicing session with a capability made for this board.") },
  { LKS_DEVICE_ERROR_NOT_FOUND, N_ ("The board does not know what was asked for."),
    N_ ("Its system may be too old. Look at its REST version.") },
  { LKS_DEVICE_ERROR_BUSY, N_ ("The board is busy."), N_ ("Wait a minute and try again.") },
  { LKS_DEVICE_ERROR_REJECTED, N_ ("The board found the request impossible."),
    N_ ("See the details for its reason.") },
  { LKS_DEVICE_ERROR_INTERNAL, N_ ("The board failed while it worked on the request."),
    N_ ("Press its reset button and try again.") },
  { LKS_DEVICE_ERROR_UNSUPPORTED, N_ ("The board’s system is too old for this."),
    N_ ("Update the board’s system first.") },
  { LKS_DEVICE_ERROR_INVALID_ARGUMENT, N_ ("No board could accept this."),
    N_ ("See the details for the value that is wrong.") },
};

/* What a board means by its own numbers, where more is known than the code says. */
static const ErrorText number_texts[] = {
  { 6291467, N_ ("The board has not enough storage left for what the application asks for."),
    N_ ("Delete an application that is not needed any more, then try again.") },
  { 7340034, N_ ("The board’s flash memory has no room for this image."),
    N_ ("Delete images that are not needed any more, then try again.") },
  { 7340039, N_ ("Another update of this board goes on already."),
    N_ ("Wait until it has ended, then try again.") },
  { 7340047, N_ ("The board does not trust this image."),
    N_ ("Use the production-signed image, or a session for app development.") },
  { LKS_DEVICE_NUMBER_OTA_IN_PROGRESS, N_ ("The board is being updated over the air."),
    N_ ("Wait until that has ended, which takes 15 to 20 minutes, or take the board off the "
        "network.") },
  { 12582914, N_ ("The board has this network already."),
    N_ ("Forget the one that is there first, then add it again.") },
  { 12582930, N_ ("The board has no room to store another network."),
    N_ ("Forget networks that are not needed any more, then try again.") },
  { 12582933, N_ ("The board has stored as many networks as it can."),
    N_ ("Forget networks that are not needed any more, then try again.") },
  { 12582934, N_ ("A network of the board has this configuration name already."),
    N_ ("Choose another configuration name.") },
  { 13631490, N_ ("The board has this network already."),
    N_ ("Forget the one that is there first, then add it again.") },
  { 13631507, N_ ("The board has no room to store another network."),
    N_ ("Forget networks that are not needed any more, then try again.") },
  { 13631510, N_ ("The board has stored as many networks as it can."),
    N_ ("Forget networks that are not needed any more, then try again.") },
  { 13631511, N_ ("A network of the board has this configuration name already."),
    N_ ("Choose another configuration name.") },
  { 14680082, N_ ("The board’s flash memory has no room for this image."),
    N_ ("Delete images that are not needed any more, then try again.") },
  { 38797323, N_ ("The board’s certificate store is full."),
    N_ ("Remove certificates that are not needed any more, then try again.") },
};

static const ErrorText run_texts[] = {
  { LKS_RUN_ERROR_REFUSED, N_ ("Something that must be true first is not. Nothing was changed."),
    N_ ("Look at the checks that failed, put them right, and run again.") },
  { LKS_RUN_ERROR_CONSENT,
    N_ ("The confirmation was not for this board and this recipe. Nothing was changed."),
    N_ ("Start again and confirm the board that is attached now.") },
  { LKS_RUN_ERROR_IDENTITY, N_ ("The board is not the one it was."),
    N_ ("Check which board is plugged in here, and start again.") },
  { LKS_RUN_ERROR_NOT_UNDERSTOOD, N_ ("The board said something that must not be guessed at."),
    N_ ("Set the board aside and look at the details.") },
  { LKS_RUN_ERROR_POWER_CYCLE, N_ ("The board has to be switched off and on."),
    N_ ("Unplug it, plug it in again at the same place, and run again: nothing is repeated.") },
  { LKS_RUN_ERROR_UNRESOLVED, N_ ("The change was ordered, and its outcome is not known yet."),
    N_ ("Plug the board in again and run again: the board is asked first, nothing is repeated.") },
  { LKS_RUN_ERROR_CLAIM,
    N_ ("The board must be claimed first, and could not be. Nothing was changed."),
    N_ ("Sign in to the cloud and work off the claims that wait. Then finalize the board again.") },
  { LKS_RUN_ERROR_OTHER_RECIPE,
    N_ ("An earlier run of this board, by another recipe, is not finished. Nothing was changed."),
    N_ ("Choose that recipe, unchanged: the run goes on where it stopped.") },
  { LKS_RUN_ERROR_LABEL,
    N_ ("The label is another board’s, or this board has another one. Nothing was changed."),
    N_ ("Scan the label of this unit again, and look in the records for the one it has.") },
  { LKS_RUN_ERROR_NOT_PROVEN, N_ ("The change is made, but the proof is not complete."),
    N_ ("Run again to complete the proof: nothing is changed a second time.") },
};

static const ErrorText recipe_texts[] = {
  { LKS_RECIPE_ERROR_LABEL_MISSING, N_ ("The recipe demands the label of the unit."),
    N_ ("Scan it, or type it.") },
  { LKS_RECIPE_ERROR_LABEL_MISMATCH, N_ ("The label is not one that the recipe allows."),
    N_ ("Check that it belongs to this product, and scan it again.") },
  { LKS_RECIPE_ERROR_UNSIGNED, N_ ("This station takes only signed recipes."),
    N_ ("Choose a recipe that somebody has signed whom this station trusts.") },
  { LKS_RECIPE_ERROR_BAD_SIGNATURE, N_ ("The signature of this recipe is wrong."),
    N_ ("Get the recipe and its signature anew from whoever signs recipes, or have it signed "
        "again.") },
  { LKS_RECIPE_ERROR_SETTING, N_ ("What the administrator says about recipes cannot be read."),
    N_ ("Have the file mended that the details name.") },
  { LKS_RECIPE_ERROR_WAIVER, N_ ("This check cannot be waived like that."),
    N_ ("The details say what is missing. What may be waived, and by whom, stands in the "
        "recipe.") },
};

static const ErrorText service_texts[] = {
  { LKS_SERVICE_ERROR_INVALID, N_ ("This cannot be right. Nothing was sent to the board."),
    N_ ("See the details for what is wrong, correct it and try again.") },
  { LKS_SERVICE_ERROR_EXISTS,
    N_ ("The board has something of this name already. Nothing was sent to it."),
    N_ ("Choose another name, or remove the old one first.") },
  { LKS_SERVICE_ERROR_FULL, N_ ("The board has no room for this. Nothing was sent to it."),
    N_ ("Remove what the board does not need any more, then try again.") },
  { LKS_SERVICE_ERROR_UNSAFE, N_ ("Refused, to keep the board safe. Nothing was sent to it."),
    N_ ("See the details for the reason and for the safe way.") },
  { LKS_SERVICE_ERROR_NOT_APPLIED, N_ ("The board agreed, but the change is not there."),
    N_ ("Look at the board’s state again and repeat the change. If it is lost once more, restart "
        "the board.") },
  { LKS_SERVICE_ERROR_OVERDUE, N_ ("The board has not got there in time."),
    N_ ("Wait a moment and look at its state again before you repeat anything.") },
};

static const ErrorText vault_texts[] = {
  { LKS_VAULT_ERROR_FAILED, N_ ("The keyring gave an unexpected answer."),
    N_ ("Try again. If it happens again, log out and in, which restarts the keyring.") },
  { LKS_VAULT_ERROR_ABSENT, N_ ("No program keeps secrets in this session."),
    N_ ("Log in on a desktop that has a keyring, or install one, such as GNOME Keyring.") },
  { LKS_VAULT_ERROR_LOCKED, N_ ("The keyring is locked."),
    N_ ("Unlock it; its password is usually the one you log in with.") },
  { LKS_VAULT_ERROR_DISMISSED, N_ ("The keyring stays locked."),
    N_ ("Try again and give its password. If nothing asked for it, unlock the keyring in your "
        "desktop’s password program, or log out and in.") },
  { LKS_VAULT_ERROR_NO_KEYRING, N_ ("There is no default keyring, and none was made."),
    N_ ("Make one in your desktop’s password program, or log out and in: most desktops make one "
        "then.") },
  { LKS_VAULT_ERROR_NOT_FOUND, N_ ("This capability is not in the keyring any more."),
    N_ ("Another program may have removed it. Import its file again.") },
  { LKS_VAULT_ERROR_DAMAGED, N_ ("The keyring does not give back what was stored in it."),
    N_ ("Remove this capability and import its file again.") },
  { LKS_VAULT_ERROR_DUPLICATE, N_ ("This very capability is in the vault already."),
    N_ ("There is nothing to do.") },
};

static const ErrorText session_texts[] = {
  { LKS_SESSION_ERROR_NONE_ACTIVE, N_ ("There is no servicing session."),
    N_ ("Start one for the board that is to be serviced.") },
  { LKS_SESSION_ERROR_ACTIVE, N_ ("A servicing session goes on already."),
    N_ ("End that session first: a user has one at a time.") },
  { LKS_SESSION_ERROR_NO_CAPABILITY, N_ ("No capability in the vault suffices for this."),
    N_ ("Import the capability file of this board, or have it made by whoever owns the board.") },
  { LKS_SESSION_ERROR_NOT_NEEDED, N_ ("This board is open without a session."),
    N_ ("Work on it as it is: no capability has to be shown to it.") },
  { LKS_SESSION_ERROR_OTHER_BOARD, N_ ("This capability is for another board."),
    N_ ("Use the capability file that was made for this board.") },
  { LKS_SESSION_ERROR_NOT_ACCEPTED, N_ ("The board does not accept the capability."),
    N_ ("See the details for the likely reason. The capability was taken away again.") },
  { LKS_SESSION_ERROR_NO_PLACE, N_ ("This login has no folder in which to keep a session."),
    N_ ("Log in as usual, and check that the runtime folder belongs to you alone.") },
  { LKS_SESSION_ERROR_NOT_KEPT, N_ ("Nothing else would watch over the session."),
    N_ ("Try again, or end the session. If that stays so, check that locksmithctl is installed "
        "beside "
        "Locksmith.") },
};

static const ErrorText operator_texts[] = {
  { LKS_OPERATOR_ERROR_INVALID, N_ ("This cannot stand in a record."),
    N_ ("See the details, correct it and try again.") },
  { LKS_OPERATOR_ERROR_NOT_LISTED, N_ ("This person is not known at this station."),
    N_ ("Check the spelling, or scan the badge again. Whoever administers this station adds people "
        "to its configuration.") },
  { LKS_OPERATOR_ERROR_WRONG, N_ ("That is not the engineer’s PIN or key."),
    N_ ("Try again; after several wrong ones each try has to wait longer.") },
  { LKS_OPERATOR_ERROR_WAIT, N_ ("Too many wrong PINs. The next try has to wait."),
    N_ ("The details say how long. Starting Locksmith again does not shorten it.") },
  { LKS_OPERATOR_ERROR_NO_PIN, N_ ("No engineer PIN was set at this station."),
    N_ ("Set one with “locksmithctl operator set-pin”, or sign in with a recipe-signing key.") },
  { LKS_OPERATOR_ERROR_DENIED, N_ ("The file of the engineer PIN is not safe."),
    N_ ("Whoever administers this station gives it to root and takes the right to write it from "
        "all others.") },
  { LKS_OPERATOR_ERROR_FAILED, N_ ("Nobody could be signed in."),
    N_ ("See the details. Who signs in must be written down first.") },
};

static const ErrorText share_texts[] = {
  { LKS_SHARE_ERROR_FAILED, N_ ("The shared ledger did not accept the records."),
    N_ ("Records are kept on this station. See the details, and the server’s log.") },
  { LKS_SHARE_ERROR_UNREACHABLE, N_ ("The server of the shared ledger does not answer."),
    N_ ("Records are kept on this station, and copied when it answers again.") },
  { LKS_SHARE_ERROR_DENIED, N_ ("The server of the shared ledger does not let this station in."),
    N_ ("Check the user, the password and the server’s certificate.") },
  { LKS_SHARE_ERROR_NOT_SET_UP, N_ ("There is no shared ledger in that database yet."),
    N_ ("Whoever owns the database sets it up with “locksmithctl records share init”.") },
  { LKS_SHARE_ERROR_NEWER, N_ ("The shared ledger was set up by a newer Locksmith."),
    N_ ("Update Locksmith on this computer.") },
  { LKS_SHARE_ERROR_BUSY, N_ ("Other stations were in the way."), N_ ("It is tried again.") },
  { LKS_SHARE_ERROR_DIFFERS,
    N_ ("The shared ledger has other records under the numbers of this station."),
    N_ ("Nothing was overwritten. Verify the records here and there to see which were changed.") },
  { LKS_SHARE_ERROR_LOSS, N_ ("Records of the shared ledger would be lost."),
    N_ ("Nothing was changed.") },
  { LKS_SHARE_ERROR_INVALID, N_ ("The shared ledger is not described as it must be."),
    N_ ("Correct the file that the details name.") },
};

static const ErrorText ledger_texts[] = {
  { LKS_LEDGER_ERROR_FAILED, N_ ("The records could not be read or written."),
    N_ ("See the details.") },
  { LKS_LEDGER_ERROR_NOT_FOUND, N_ ("There is no such record."), N_ ("Look for another one.") },
  { LKS_LEDGER_ERROR_DENIED, N_ ("You may not write to the file of records."),
    N_ ("Check the permissions of the file that Preferences shows.") },
  { LKS_LEDGER_ERROR_FULL, N_ ("The disk is full."),
    N_ ("Make room. No board is finalized while its record cannot be kept.") },
  { LKS_LEDGER_ERROR_CORRUPT, N_ ("The file of records is damaged, or is something else."),
    N_ ("Move it away and restore a copy.") },
  { LKS_LEDGER_ERROR_BUSY, N_ ("Another program is using the file of records."),
    N_ ("Close the other program and try again.") },
  { LKS_LEDGER_ERROR_NEWER, N_ ("The records were written by a newer Locksmith."),
    N_ ("Update Locksmith on this computer.") },
  { LKS_LEDGER_ERROR_INVALID, N_ ("The request to the records makes no sense."),
    N_ ("See the details.") },
};

static const ErrorText parse_texts[] = {
  { LKS_PARSE_ERROR_TRUNCATED, N_ ("The file ends too early."), N_ ("Get a complete copy of it.") },
  { LKS_PARSE_ERROR_INVALID, N_ ("The file is not what it should be."),
    N_ ("The details name the line and the reason. Mend the file or choose another one.") },
  { LKS_PARSE_ERROR_UNSUPPORTED, N_ ("The file is of a kind or version that is not known here."),
    N_ ("Update Locksmith, or choose another file.") },
  { LKS_PARSE_ERROR_TOO_LARGE, N_ ("The file is too large to be what it should be."),
    N_ ("Choose another file.") },
};

static const ErrorText cloud_texts[] = {
  { LKS_CLOUD_ERROR_UNREACHABLE, N_ ("The cloud cannot be reached. Nothing was sent."),
    N_ ("Check this computer’s network and proxy, then try again.") },
  { LKS_CLOUD_ERROR_UNTRUSTED, N_ ("What answers is not the cloud’s service. Nothing was sent."),
    N_ ("A proxy that looks into connections does that. Ask your network’s administrator to let "
        "this address through, or for its certificate.") },
  { LKS_CLOUD_ERROR_LOST, N_ ("The connection to the cloud broke in the middle of a request."),
    N_ ("Look at what is there now before you repeat anything.") },
  { LKS_CLOUD_ERROR_TIMED_OUT, N_ ("The cloud took too long to answer."),
    N_ ("Look at what is there now before you repeat anything.") },
  { LKS_CLOUD_ERROR_BAD_ANSWER, N_ ("The cloud gave an answer that makes no sense."),
    N_ ("Try again. If it happens again, the details help whoever looks after Locksmith.") },
  { LKS_CLOUD_ERROR_FOREIGN_HOST, N_ ("An answer leads to another host, which was not asked."),
    N_ ("Tell whoever looks after your network: nobody but the service should answer here.") },
  { LKS_CLOUD_ERROR_SIGN_IN, N_ ("The sign-in is missing, expired or revoked."),
    N_ ("Sign in again.") },
  { LKS_CLOUD_ERROR_FORBIDDEN, N_ ("This account may not do that."),
    N_ ("Ask whoever manages the catalog for the role that is needed, or use another account.") },
  { LKS_CLOUD_ERROR_NOT_FOUND, N_ ("The cloud does not know it, or this account cannot see it."),
    N_ ("Look at the list again, and whether you work with the right account.") },
  { LKS_CLOUD_ERROR_CONFLICT, N_ ("Something else is being done to it just now."),
    N_ ("Wait a minute, look at it again, then repeat.") },
  { LKS_CLOUD_ERROR_THROTTLED,
    N_ ("The cloud asks for a long pause: there were too many requests."),
    N_ ("Wait some minutes, then go on. Nothing that was done is lost.") },
  { LKS_CLOUD_ERROR_REJECTED, N_ ("The cloud found the request wrong."),
    N_ ("See the details for its reason.") },
  { LKS_CLOUD_ERROR_SETUP, N_ ("Something about the subscription or directory must be put right."),
    N_ ("Show the details to your administrator.") },
  { LKS_CLOUD_ERROR_UNAVAILABLE, N_ ("The cloud’s service fails at the moment."),
    N_ ("Try again in some minutes.") },
  { LKS_CLOUD_ERROR_FAILED, N_ ("The cloud began it, and failed."),
    N_ ("Look at what is there now, then repeat it.") },
  { LKS_CLOUD_ERROR_ABANDONED, N_ ("The cloud gave it up."),
    N_ ("Look at what is there now, then repeat it.") },
  { LKS_CLOUD_ERROR_STILL_RUNNING, N_ ("The cloud goes on with it; only the waiting ended."),
    N_ ("Look at it again in some minutes. Do not repeat it before.") },
  { LKS_CLOUD_ERROR_UNFIT, N_ ("What the cloud made is not what was asked for. It was not kept."),
    N_ ("Try again. If it happens again, do not use it, and show the details to the vendor.") },
  { LKS_CLOUD_ERROR_INVALID_ARGUMENT, N_ ("This can never be accepted. Nothing was sent."),
    N_ ("See the details for the value that is wrong.") },
  { LKS_CLOUD_ERROR_NOT_SUPPORTED, N_ ("The Legacy service cannot do this. Nothing was sent."),
    N_ ("Integrate the tenant into a catalog and sign in there without Legacy.") },
  { LKS_CLOUD_ERROR_INCOMPLETE,
    N_ ("It was not found, but this account cannot look everywhere. It is not certain."),
    N_ ("Ask for the role Azure Sphere Reader where the details say, or use another account.") },
};

static const ErrorText io_texts[] = {
  { G_IO_ERROR_CANCELLED, N_ ("It was cancelled."), N_ ("Start again when you are ready.") },
  { G_IO_ERROR_NOT_FOUND, N_ ("There is no such file."), N_ ("Choose another file.") },
  { G_IO_ERROR_PERMISSION_DENIED, N_ ("You may not use this file."),
    N_ ("Choose another file, or change its permissions.") },
  { G_IO_ERROR_NO_SPACE, N_ ("The disk is full."), N_ ("Make room and try again.") },
};

static const ErrorText *
find_number_text (const GError *error)
{
  guint32 number;

  if (!lks_device_error_get_number (error, &number))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (number_texts); i++)
    if ((guint32) number_texts[i].code == number)
      return &number_texts[i];
  return NULL;
}

static const ErrorText *
find_text (const GError *error)
{
  const ErrorText *number_text = find_number_text (error);
  const struct
  {
    GQuark domain;
    const ErrorText *texts;
    gsize n_texts;
  } domains[] = {
    { LKS_USB_ERROR, usb_texts, G_N_ELEMENTS (usb_texts) },
    { LKS_BOARD_ERROR, board_texts, G_N_ELEMENTS (board_texts) },
    { LKS_DEVICE_ERROR, device_texts, G_N_ELEMENTS (device_texts) },
    { LKS_RUN_ERROR, run_texts, G_N_ELEMENTS (run_texts) },
    { LKS_RECIPE_ERROR, recipe_texts, G_N_ELEMENTS (recipe_texts) },
    { LKS_OPERATOR_ERROR, operator_texts, G_N_ELEMENTS (operator_texts) },
    { LKS_SESSION_ERROR, session_texts, G_N_ELEMENTS (session_texts) },
    { LKS_SERVICE_ERROR, service_texts, G_N_ELEMENTS (service_texts) },
    { LKS_VAULT_ERROR, vault_texts, G_N_ELEMENTS (vault_texts) },
    { LKS_LEDGER_ERROR, ledger_texts, G_N_ELEMENTS (ledger_texts) },
    { LKS_SHARE_ERROR, share_texts, G_N_ELEMENTS (share_texts) },
    { LKS_PARSE_ERROR, parse_texts, G_N_ELEMENTS (parse_texts) },
    { LKS_CLOUD_ERROR, cloud_texts, G_N_ELEMENTS (cloud_texts) },
    { G_IO_ERROR, io_texts, G_N_ELEMENTS (io_texts) },
  };

  if (number_text != NULL)
    return number_text;
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    for (gsize j = 0; error->domain == domains[i].domain && j < domains[i].n_texts; j++)
      if (domains[i].texts[j].code == error->code)
        return &domains[i].texts[j];
  return NULL;
}

/**
 * lks_error_to_sentence:
 * @error: an error
 *
 * Says in the user's language what went wrong. The English message belongs below it, as a detail.
 *
 * Returns: (transfer full): a sentence
 */
char *
lks_error_to_sentence (const GError *error)
{
  const ErrorText *text = find_text (error);

  return g_strdup (text != NULL ? _ (text->sentence) : error->message);
}

/**
 * lks_error_to_advice:
 * @error: an error
 *
 * Says in the user's language what to do next.
 *
 * Returns: (transfer full): a sentence; may be empty when nothing better than the details is known
 */
char *
lks_error_to_advice (const GError *error)
{
  const ErrorText *text = find_text (error);
  const char *advice = text != NULL ? _ (text->advice) : lks_advice_for_error (error);

  return g_strdup (advice != NULL ? advice : "");
}

/**
 * lks_error_to_text:
 * @error: (nullable): an error
 *
 * Says in the user's language what went wrong and what to do next, and below that the details in
 * English, where they say more.
 *
 * Returns: (transfer full): some lines; empty without an error
 */
char *
lks_error_to_text (const GError *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *advice = NULL;
  g_autofree char *whole = NULL;

  if (error == NULL)
    return g_strdup ("");

  sentence = lks_error_to_sentence (error);
  advice = lks_error_to_advice (error);
  /* Translators: what is wrong, and what to do */
  whole = g_strdup_printf (_ ("%s %s"), sentence, advice);
  g_strchomp (whole);
  return g_str_equal (sentence, error->message)
             ? g_steal_pointer (&whole)
             : g_strdup_printf ("%s\n\n%s", whole, error->message);
}
