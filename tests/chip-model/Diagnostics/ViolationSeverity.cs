// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>How bad a violation is.</summary>
public enum ViolationSeverity
{
    /// <summary>The data sheet advises against it.</summary>
    Warning,

    /// <summary>The data sheet or an erratum forbids it, or the result is undefined.</summary>
    Error,
}
