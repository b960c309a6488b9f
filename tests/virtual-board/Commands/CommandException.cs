// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Commands;

/// <summary>A command that cannot be done. The message says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
