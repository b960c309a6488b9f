// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>
/// A test with a real kernel, in a network namespace of its own. It is skipped, and says why, where the system or this user cannot do that.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TapFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_obstacle = new(NetworkNamespace.FindObstacle);

    /// <summary>A test that needs a namespace, a TAP device in it, and programs.</summary>
    /// <param name="tools">The programs.</param>
    public TapFactAttribute(params string[] tools)
    {
        string? missing = Array.Find(tools, tool => !Tool.Exists(tool));
        Skip = s_obstacle.Value ?? (missing is null ? null : $"{missing} is not installed.");
    }
}
