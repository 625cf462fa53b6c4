// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace parley::cli {

/// Exit codes of `parley` (api.md section 10).
enum ExitCode : int { done = 0, failed = 1, wrong_usage = 2, configuration_refused = 3, folder_in_use = 4 };

/// Reads the arguments and runs one subcommand. Returns the process's exit code; a failure has a sentence on standard error.
int run(int argc, char** argv);

}  // namespace parley::cli
