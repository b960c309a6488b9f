// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>The same as <see cref="KernelFactAttribute"/>, for tests with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    /// <summary>A test that needs a namespace, a TAP device in it, and programs.</summary>
    /// <param name="tools">The programs.</param>
    public KernelTheoryAttribute(params string[] tools)
    {
        Skip = KernelNamespace.FindObstacle(tools);
    }
}
