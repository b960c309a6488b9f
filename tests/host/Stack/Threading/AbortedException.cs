// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Threading;

/// <summary>Another thread has aborted this one, as <c>Thread.Abort</c> does on nanoCLR: between two instructions, or while it waits.</summary>
internal sealed class AbortedException : Exception
{
}
