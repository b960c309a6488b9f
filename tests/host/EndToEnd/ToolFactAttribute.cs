// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>A test that needs programs; it is skipped where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        string? missing = Array.Find(tools, tool => !Tool.Exists(tool));
        Skip = missing is null ? null : $"{missing} is not installed.";
    }
}
