// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>A control block does not make sense.</summary>
internal sealed class InvariantException(string message, Exception inner) : Exception(message, inner);
