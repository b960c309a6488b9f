// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Properties;

/// <summary>A scenario failed; the message tells its story.</summary>
internal sealed class PropertyException(string message, Exception inner) : Exception(message, inner);
