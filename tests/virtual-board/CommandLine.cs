// Licensed under the MIT license. See LICENSE in the repository root.

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using VirtualBoard.Commands;
using VirtualBoard.Forward;
using VirtualBoard.WayOut;

namespace VirtualBoard;

/// <summary>The options of the program, and a run with them.</summary>
public static class CommandLine
{
    /// <summary>An option is wrong, or something has to be set up first. One line says what.</summary>
    public const int WrongUsage = 2;

    private static readonly string[] s_names = ["--forward", "--outside", "--udp", "--tap", "--address", "--sample", "--control", "--page", "--pcap", "--impair", "--seed", "--seconds", "--help"];

    private static readonly Option<PortForward?> s_forward = Make<PortForward?>("--forward", "PORT", OptionValues.Forward,
        $"Port of 127.0.0.1 that leads to the board's port {Firmware.Board.HttpPort}, or to another one: PORT:BOARDPORT; 0 for any free one. The default is " +
        $"{BoardOptions.DefaultForwardPort}, or none with --tap. Needs no privileges.");

    private static readonly Option<bool> s_outside = new("--outside")
    {
        Description = "Let the board reach others than this PC: addresses, and names that the PC looks up. Without it only this PC, as " +
            $"{Firmware.Board.Gateway}.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<UdpForward?> s_udp = Make<UdpForward?>("--udp", "PORT", OptionValues.UdpForward,
        "UDP port of 127.0.0.1 whose datagrams go to the same port of the board, or to another one: PORT:BOARDPORT.");

    private static readonly Option<string?> s_tap = Make<string?>("--tap", "NAME", OptionValues.InterfaceName,
        "Linux: plug the board into a TAP interface of this name, so that everything on this PC can talk to it. Needs privileges.");

    private static readonly Option<Firmware.AddressMode?> s_address = Make<Firmware.AddressMode?>("--address", "MODE", OptionValues.AddressMode,
        $"How the board comes by its address: dhcp, as it comes; static, {Firmware.Board.Address} as Board.cs has it; link-local.");

    private static readonly Option<string?> s_sample = Make<string?>("--sample", "NAME", OptionValues.Sample,
        $"Run a program of firmware/samples in place of the firmware: {string.Join(", ", Samples.Names)}.");

    private static readonly Option<string?> s_control = Make<string?>("--control", "PATH", OptionValues.FilePath,
        "Take commands from a FIFO that is there, or make a Unix socket for them. They are also taken from the standard input.");

    private static readonly Option<string?> s_page = Make<string?>("--page", "FILE", OptionValues.FilePath,
        "Save a picture of the page (PNG) as soon as the board answers. Needs Chromium, Chrome or Edge.");

    private static readonly Option<string?> s_pcap = Make<string?>("--pcap", "FILE", OptionValues.FilePath,
        "Write what the board sends and gets to a pcapng file for Wireshark.");

    private static readonly Option<ImpairmentSettings?> s_impair = Make<ImpairmentSettings?>("--impair", "LIST", ImpairmentSettings.Parse,
        "A bad wire, for example lose=2,delay=5: lose, duplicate, reorder, corrupt in percent of the frames; delay, jitter in milliseconds.");

    private static readonly Option<int?> s_seed = Make<int?>("--seed", "N", OptionValues.Seed,
        "Seed of the chip's, the wire's and the forwarder's random numbers; 1 if none is named.");

    private static readonly Option<TimeSpan?> s_seconds = Make<TimeSpan?>("--seconds", "N", OptionValues.Seconds,
        "End after so many seconds. Without it, Ctrl-C ends the board.");

    /// <summary>Runs the program.</summary>
    /// <returns>The exit code, as the help explains it.</returns>
    public static int Run(string[] args) => Run(args, Console.Out, Console.Error, Run);

    /// <summary>Understands the options, and does what they ask for.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the help is written.</param>
    /// <param name="errors">Where one line goes that says what is wrong.</param>
    /// <param name="run">Runs a board, and returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors, Func<BoardOptions, int> run)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(run);
        ParseResult parsed = MakeCommand().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpWithExamples && FindMistake(parsed) is string mistake)
        {
            errors.WriteLine(mistake);
            return WrongUsage;
        }

        return parsed.Action is null
            ? run(ToOptions(parsed))
            : parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
    }

    /// <summary>Runs a board until a signal ends it.</summary>
    public static int Run(BoardOptions options)
    {
        // Signals that come while things are set up count too. The second one ends the program at once.
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
            Firmware.Board.AddressMode = options.Address;
            using var run = new BoardRun(options);
            StandardInput.Follow(run.Commands, status);
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
            context.Cancel = !stop.WaitOne(0);
            stop.Set();
        }
    }

    private static RootCommand MakeCommand()
    {
        var root = new RootCommand("Runs the firmware on this PC, over a model of its Ethernet chip, and prints the address of its page.")
        {
            s_forward, s_outside, s_udp, s_tap, s_address, s_sample, s_control, s_page, s_pcap, s_impair, s_seed, s_seconds,
        };

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>An option with one value, which <paramref name="read"/> reads or refuses with a <see cref="FormatException"/>.</summary>
    private static Option<T> Make<T>(string name, string helpName, Func<string, T> read, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string value = result.Tokens[0].Value;
            try
            {
                return s_names.Contains(value) ? throw new FormatException($"a value is missing before {value}.") : read(value);
            }
            catch (FormatException e)
            {
                result.AddError($"{name}: {e.Message}");
                return default;
            }
        },
    };

    /// <summary>What is wrong, in one line and in the words of somebody who types options; null if nothing is.</summary>
    private static string? FindMistake(ParseResult parsed)
    {
        // an option's own mistake says more than the word that is left over because of it
        ParseError? error = parsed.Errors.FirstOrDefault(e => OptionOf(e) is not null);
        if (error is not null)
        {
            OptionResult given = OptionOf(error)!;
            string name = given.Option.Name;
            return given.IdentifierTokenCount > 1 ? $"{name} is there more than once."
                : given.Tokens.Count == 0 ? $"{name} needs a value: {name} {given.Option.HelpName}."
                : error.Message;
        }

        // what looks like [name] is something special to the parser, and not to us
        string? stray = parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Directive)?.Value ?? parsed.UnmatchedTokens.FirstOrDefault();
        if (stray is null)
        {
            return parsed.Errors.FirstOrDefault()?.Message ?? FindContradiction(parsed);
        }

        string names = string.Join(", ", s_names);
        return s_names.Contains(stray) ? $"{stray} is not taken for an option behind --. Leave the -- out."
            : stray.StartsWith('-') ? $"There is no option {stray}. There are {names}."
            : $"'{stray}' stands where an option should be. There are {names}.";
    }

    /// <summary>Options that cannot go together.</summary>
    private static string? FindContradiction(ParseResult parsed)
    {
        string? needless = parsed.GetValue(s_outside) ? s_outside.Name : parsed.GetValue(s_udp) is not null ? s_udp.Name : null;
        return parsed.GetValue(s_tap) is not null && needless is not null
            ? $"{needless}: with {s_tap.Name} the board is on this PC's own network, which says what it may reach. Leave {needless} out."
            : null;
    }

    private static OptionResult? OptionOf(ParseError error) =>
        (error.SymbolResult is ArgumentResult argument ? argument.Parent : error.SymbolResult) as OptionResult;

    private static BoardOptions ToOptions(ParseResult parsed)
    {
        string? tap = parsed.GetValue(s_tap);
        return new BoardOptions
        {
            TapName = tap,
            Address = parsed.GetValue(s_address) ?? Firmware.AddressMode.Dhcp,
            ForwardPort = parsed.GetValue(s_forward)?.PcPort ?? (tap is null ? BoardOptions.DefaultForwardPort : null),
            BoardPort = parsed.GetValue(s_forward)?.BoardPort ?? Firmware.Board.HttpPort,
            Gateway = new GatewayOptions { Outside = parsed.GetValue(s_outside), Udp = parsed.GetValue(s_udp) },
            Sample = parsed.GetValue(s_sample),
            ControlPath = parsed.GetValue(s_control),
            PagePath = parsed.GetValue(s_page),
            CapturePath = parsed.GetValue(s_pcap),
            Impairment = parsed.GetValue(s_impair),
            Seed = parsed.GetValue(s_seed) ?? BoardOptions.DefaultSeed,
            Duration = parsed.GetValue(s_seconds),
        };
    }
}
