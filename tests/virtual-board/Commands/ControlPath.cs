// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;

namespace VirtualBoard.Commands;

/// <summary>
/// Commands over a path: a FIFO that is there is read, and answers go to the console; else a Unix socket is made, and each that connects
/// gets the answers to its own lines.
/// </summary>
internal sealed class ControlPath : IDisposable
{
    private readonly string _path;
    private readonly BoardCommands _commands;
    private readonly Socket? _listener;
    private readonly FileStream? _pipe;

    /// <summary>Opens the path and begins to listen.</summary>
    /// <exception cref="SetupException">It cannot be used.</exception>
    public ControlPath(string path, BoardCommands commands, TextWriter answers)
    {
        _path = path;
        _commands = commands;
        try
        {
            if (File.Exists(path) && !IsSocket(path))
            {
                _pipe = OpenPipe(path);
                StreamReader lines = new(_pipe);
                Start(() => LineSource.Follow(lines, answers, commands));
            }
            else
            {
                File.Delete(path);
                _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _listener.Bind(new UnixDomainSocketEndPoint(path));
                _listener.Listen();
                Start(AcceptAll);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Dispose();
            throw new SetupException($"--control: '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipe?.Dispose();
        if (_listener is not null)
        {
            _listener.Dispose();
            File.Delete(_path);
        }
    }

    /// <summary>Whether a socket was left behind; one that somebody listens on is an error.</summary>
    private static bool IsSocket(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            // what is no socket at all refuses too: only the kind of the file tells them apart
            return e.SocketErrorCode == SocketError.ConnectionRefused && !IsPipeOrFile(path);
        }

        throw new SetupException($"--control: '{path}' is used by another program.");
    }

    private static bool IsPipeOrFile(string path)
    {
        try
        {
            // a socket cannot be opened as a file. Nobody waits here: for reading and writing a FIFO opens at once
            using FileStream file = Open(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FileStream OpenPipe(string path)
    {
        FileStream pipe = Open(path);
        if (pipe.CanSeek)
        {
            pipe.Dispose();
            throw new IOException("it is a file, neither a FIFO nor a socket.");
        }

        return pipe;
    }

    /// <summary>Open for writing too, so that it does not end when a writer does.</summary>
    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private static void Start(Action action)
    {
        new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // the board ends, or whoever was connected has gone
            }
        })
        {
            IsBackground = true,
            Name = "Control",
        }.Start();
    }

    private void AcceptAll()
    {
        while (true)
        {
            Socket client = _listener!.Accept();
            Start(() =>
            {
                using NetworkStream stream = new(client, ownsSocket: true);
                using StreamReader lines = new(stream);
                using StreamWriter answers = new(stream) { AutoFlush = true, NewLine = "\n" };
                LineSource.Follow(lines, answers, _commands);
            });
        }
    }
}
