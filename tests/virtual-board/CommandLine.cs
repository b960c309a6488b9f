// Licensed under the MIT license. See LICENSE in the repository root.

using System.CommandLine;
using System.Runtime.InteropServices;

namespace VirtualBoard;

/// <summary>The options of the program, and a run with them.</summary>
public static class CommandLine
{
    private const int WrongUsage = 2;

    private static readonly Option<int?> s_forward = new("--forward")
    {
        Description = $"Port of 127.0.0.1 that leads to the board's port {Firmware.Board.HttpPort}; 0 for any free one. The default is " +
            $"{BoardOptions.DefaultForwardPort}, or none with --tap. Needs no privileges.",
        HelpName = "PORT",
    };

    private static readonly Option<string?> s_tap = new("--tap")
    {
        Description = "Linux: plug the board into a TAP interface of this name, so that everything on this PC can talk to it. Needs privileges.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> s_pcap = new("--pcap")
    {
        Description = "Write what the board sends and gets to a pcapng file.",
        HelpName = "FILE",
    };

    private static readonly Option<ImpairmentSettings?> s_impair = new("--impair")
    {
        Description = "A bad wire, for example lose=2,delay=5: lose, duplicate, reorder, corrupt in percent of the frames; delay, jitter " +
            "in milliseconds.",
        HelpName = "LIST",
        CustomParser = result =>
        {
            try
            {
                return ImpairmentSettings.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError("--impair: " + e.Message);
                return null;
            }
        },
    };

    private static readonly Option<int> s_seed = new("--seed")
    {
        Description = "Seed of the chip's, the wire's and the forwarder's random numbers.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double?> s_seconds = new("--seconds")
    {
        Description = "End after so many seconds.",
        HelpName = "N",
    };

    /// <summary>Runs the program.</summary>
    /// <returns>0 if all was well, 1 if the driver broke rules of the chip or something failed, 2 if something has to be set up first.</returns>
    public static int Run(string[] args)
    {
        var root = new RootCommand("Runs the firmware on this PC, over a model of its Ethernet chip.")
        {
            s_forward, s_tap, s_pcap, s_impair, s_seed, s_seconds,
        };
        s_forward.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > 65535)
            {
                result.AddError("--forward: a port is 0 to 65535.");
            }
        });
        root.SetAction(parsed => Run(ToOptions(parsed)));
        return root.Parse(args).Invoke();
    }

    /// <summary>Runs a board until a signal ends it.</summary>
    public static int Run(BoardOptions options)
    {
        // Signals that come while things are set up count too.
        using var stop = new ManualResetEvent(false);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        TextWriter console = Console.Out;
        try
        {
            using StatusLine status = StatusLine.OnConsole();

            // What the firmware says goes above the status.
            Console.SetOut(status);
            using var run = new BoardRun(options);
            return run.Follow(status, stop);
        }
        catch (SetupException e)
        {
            Console.Error.WriteLine(e.Message);
            return WrongUsage;
        }
        finally
        {
            Console.SetOut(console);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }
    }

    private static BoardOptions ToOptions(ParseResult parsed)
    {
        string? tap = parsed.GetValue(s_tap);
        return new BoardOptions
        {
            TapName = tap,
            ForwardPort = parsed.GetValue(s_forward) ?? (tap is null ? BoardOptions.DefaultForwardPort : null),
            CapturePath = parsed.GetValue(s_pcap),
            Impairment = parsed.GetValue(s_impair),
            Seed = parsed.GetValue(s_seed),
            Duration = parsed.GetValue(s_seconds) is double seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
