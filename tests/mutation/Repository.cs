// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of Firmware.sln.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The path of a file of the repository.</summary>
    internal static string FullPath(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The path from the repository's root, with slashes.</summary>
    internal static string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Firmware.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Firmware.sln is not above this program.");
    }
}
