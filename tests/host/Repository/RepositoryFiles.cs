// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Repository;

/// <summary>The working tree that the tests were built from.</summary>
internal static class RepositoryFiles
{
    /// <summary>Gets the folder that holds Firmware.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Turns a path with forward slashes, relative to the root, into a full one.</summary>
    public static string FullPath(string relative) => Path.GetFullPath(Path.Combine(Root, relative));

    /// <summary>The C# files under a folder that are written by hand: full paths, sorted.</summary>
    public static IEnumerable<string> Sources(string folder)
    {
        string full = FullPath(folder);
        return Directory.Exists(full)
            ? Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories).Where(f => !IsBuilt(f)).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>A full path as the root sees it, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsBuilt(string path) => Relative(path).Split('/').Any(part => part is "bin" or "obj");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Firmware.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Firmware.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
