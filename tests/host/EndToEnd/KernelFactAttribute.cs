// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>A test of the stack against the Linux kernel. It is skipped, and says why, where the system or this user cannot do that.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute
{
    /// <summary>A test that needs a namespace, a TAP device in it, and programs.</summary>
    /// <param name="tools">The programs.</param>
    public KernelFactAttribute(params string[] tools)
    {
        Skip = KernelNamespace.FindObstacle(tools);
    }
}
