// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Net;

/// <summary>
/// Runs our stack in virtual time. Time passes in a sleep, a millisecond a step, in which the other side works too; a frame that
/// arrives ends the sleep, as the controller's interrupt does. Work takes time as well, if little.
/// </summary>
internal sealed class VirtualRunner(TcpIpStack stack, WaitingNetwork network) : StackRunner(stack)
{
    private const int CallsPerMillisecond = 50;

    // some two hours: more than any timer that is waited for here
    private const long LongestTest = 8_000_000;

    private int _calls;
    private long _passed;

    /// <summary>Gets the number of sleeps.</summary>
    public int Sleeps { get; private set; }

    /// <summary>Gets or sets what is done in place of the next sleep.</summary>
    public Action? InsteadOfSleep { get; set; }

    protected override int Now()
    {
        if (++_calls >= CallsPerMillisecond)
        {
            _calls = 0;
            Pass();
        }

        return network.Now;
    }

    protected override void Sleep(int milliseconds)
    {
        if (milliseconds < 1)
        {
            throw new InvalidOperationException("asked to sleep " + milliseconds + " ms");
        }

        Sleeps++;
        if (InsteadOfSleep is { } instead)
        {
            InsteadOfSleep = null;
            instead();
            return;
        }

        for (int i = 0; i < milliseconds && !network.HasArrived; i++)
        {
            Pass();
        }
    }

    private void Pass()
    {
        if (++_passed > LongestTest)
        {
            throw new InvalidOperationException("it waits for ever");
        }

        network.Tick();
    }
}
