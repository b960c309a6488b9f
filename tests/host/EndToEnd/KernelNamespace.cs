// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using VirtualBoard.Forward;
using VirtualBoard.Tap;

namespace HostTests.EndToEnd;

/// <summary>
/// A network namespace within this process: one thread lives in it, and a socket or a TAP device belongs to it for life if that thread
/// opened it, whoever uses it later. It has no way out, and is gone with the thread and what was opened.
/// </summary>
internal sealed class KernelNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private static readonly Lazy<string?> s_obstacle = new(NetworkNamespace.FindObstacle);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private string _path = string.Empty;

    /// <summary>Makes a namespace.</summary>
    public KernelNamespace()
    {
        _thread = new Thread(Live) { IsBackground = true, Name = "Namespace" };
        _thread.Start();
        try
        {
            Do(() => Unshare(NewNetwork) == 0 ? true : throw new Win32Exception());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The kernel's address.</summary>
    public static IPAddress KernelAddress { get; } = IPAddress.Parse(IPv4Address.ToString(BoardSubnet.Gateway));

    /// <summary>The stack's address.</summary>
    public static IPAddress StackAddress { get; } = IPAddress.Parse(IPv4Address.ToString(BoardSubnet.Board));

    /// <summary>Why this cannot work here, or null if it can.</summary>
    public static string? FindObstacle(params string[] tools)
    {
        string? missing = Array.Find(tools, tool => !Tool.Exists(tool));
        return s_obstacle.Value
            ?? (Environment.IsPrivilegedProcess ? null : "Only root may put a thread into a network namespace of its own.")
            ?? (missing is null ? null : $"{missing} is not installed.");
    }

    /// <summary>Does something in the namespace. It must not start threads of the pool, which would stay there.</summary>
    public T Do<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        _work.Add(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    /// <summary>Makes the TAP device, gives the kernel its address on it and sets it up.</summary>
    public TapDevice OpenTap(string name) => Do(() =>
    {
        TapDevice device = TapDevice.Open(name);
        if (InterfaceSetup.TryApply(name, BoardSubnet.Gateway, BoardSubnet.Netmask))
        {
            return device;
        }

        device.Dispose();
        throw new InvalidOperationException($"Root may not set {name} up.");
    });

    /// <summary>Makes a socket of the kernel, which waits for nothing longer than so many milliseconds.</summary>
    public Socket OpenSocket(SocketType type, int timeoutMs)
    {
        bool isStream = type == SocketType.Stream;
        Socket socket = Do(() => new Socket(AddressFamily.InterNetwork, type, isStream ? ProtocolType.Tcp : ProtocolType.Udp));
        socket.ReceiveTimeout = timeoutMs;
        socket.SendTimeout = timeoutMs;
        if (isStream)
        {
            ChooseCongestionControl(socket);
        }

        return socket;
    }

    /// <summary>Runs a program in the namespace.</summary>
    /// <returns>Exit code, -1 if it had to be killed, and what it wrote.</returns>
    public (int ExitCode, string Output, string Errors) Run(TimeSpan limit, params string[] command) =>
        Tool.Run(limit, ["nsenter", "--net=" + _path, "--", .. command]);

    /// <summary>Starts a program in the namespace, its output to be read.</summary>
    public Process Start(params string[] command) => Tool.Start(["nsenter", "--net=" + _path, "--", .. command]);

    public void Dispose()
    {
        if (!_work.IsAddingCompleted)
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);

    /// <summary>Has the kernel use what is Linux's own default, where it is there, and not what this machine's owner prefers.</summary>
    private static void ChooseCongestionControl(Socket socket)
    {
        const int TcpLevel = 6;
        const int CongestionControl = 13;
        try
        {
            socket.SetRawSocketOption(TcpLevel, CongestionControl, "cubic"u8);
        }
        catch (SocketException)
        {
            // any other will do
        }
    }

    private void Live()
    {
        _path = $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}/ns/net";
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
