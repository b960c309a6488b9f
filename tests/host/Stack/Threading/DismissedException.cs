// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Threading;

/// <summary>The world has come to its end, and with it each thread that serves.</summary>
internal sealed class DismissedException : Exception
{
}
