// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections.Concurrent;
using Firmware;
using TcpIp;

namespace VirtualBoard.Commands;

/// <summary>Runs things on the thread that owns the board's stack, between two turns of its loop.</summary>
internal sealed class BoardThread : IBackgroundWork
{
    private const int Interval = 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<Action> _asked = new();

    /// <summary>Asks the board's network for something.</summary>
    /// <returns>What it says.</returns>
    /// <exception cref="CommandException">There is no network, or the board does not answer.</exception>
    public T Ask<T>(Func<Network, T> question)
    {
        Network network = Network.Current ?? throw new CommandException("the program on the board has no Firmware.Network that could be asked");
        if (network.Stack is null)
        {
            throw new CommandException("the board has not found its chip yet");
        }

        network.Background = this;
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(() =>
        {
            try
            {
                answer.SetResult(question(network));
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task.Wait(s_limit) ? answer.Task.Result : throw new CommandException("the board does not answer");
    }

    /// <inheritdoc/>
    public int Poll(int now)
    {
        while (_asked.TryDequeue(out Action? action))
        {
            action();
        }

        return Interval;
    }
}
