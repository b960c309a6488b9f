// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;

namespace HostTests.SystemNet;

/// <summary>
/// Where the two shapes of System.Net are: as compiled for the PC beside the tests, or as compiled elsewhere, for the device, where a variable names the
/// file. The host's compiler need not lay them out as the device's does.
/// </summary>
internal static class ShapeFiles
{
    /// <summary>Names another build of the plain shape: a full path, or one from the root of the repository.</summary>
    public const string PlainVariable = "SYSTEM_NET_PLAIN";

    /// <summary>Names another build of the mirror, likewise.</summary>
    public const string MirrorVariable = "SYSTEM_NET_MIRROR";

    /// <summary>The file of a shape.</summary>
    /// <param name="shape">Plain or Mirror.</param>
    public static string Of(string shape) => Find(shape, Named(shape));

    /// <summary>Whether a shape is one that was compiled elsewhere.</summary>
    /// <param name="shape">Plain or Mirror.</param>
    public static bool IsFromElsewhere(string shape) => !string.IsNullOrEmpty(Named(shape));

    /// <summary>The file of a shape, where a variable has this value.</summary>
    internal static string Find(string shape, string? named) => !string.IsNullOrEmpty(named) ? RepositoryFiles.FullPath(named)
        : Path.Combine(AppContext.BaseDirectory, shape == "Mirror" ? "SystemNet.Mirror.dll" : "SystemNet.dll");

    private static string? Named(string shape) => Environment.GetEnvironmentVariable(shape == "Mirror" ? MirrorVariable : PlainVariable);
}
