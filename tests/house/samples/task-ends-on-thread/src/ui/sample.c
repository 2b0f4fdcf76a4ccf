/* SPDX-License-Identifier: GPL-3.0-or-later */
void work (GTask *task) { g_task_run_in_thread (task, work_in_thread); }
