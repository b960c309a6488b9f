// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.InteropServices;

namespace VirtualBoard.Commands;

/// <summary>Commands on the standard input. When it ends, the board goes on.</summary>
internal static class StandardInput
{
    /// <summary>Begins to read, in a thread of its own.</summary>
    public static void Follow(BoardCommands commands, TextWriter answers)
    {
        if (!MayRead())
        {
            return;
        }

        // not Console.In, which would change how the terminal behaves
        var lines = new StreamReader(Console.OpenStandardInput());
        new Thread(() => LineSource.Follow(lines, answers, commands)) { IsBackground = true, Name = "Standard input" }.Start();
    }

    /// <summary>A program in the background that reads from its terminal is stopped by the system.</summary>
    private static bool MayRead()
    {
        if (Console.IsInputRedirected || OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            return GetForegroundGroup(0) == GetGroup();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "tcgetpgrp")]
    private static extern int GetForegroundGroup(int descriptor);

    [DllImport("libc", EntryPoint = "getpgrp")]
    private static extern int GetGroup();
}
