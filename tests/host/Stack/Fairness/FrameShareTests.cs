// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Fairness;

/// <summary>What is kept for later never takes all frames of a size: a newcomer is served at once.</summary>
public sealed class FrameShareTests : FairnessTest
{
    [Theory]
    [InlineData("default")]
    [InlineData("firmware")]
    public void Three_connections_with_two_early_segments_each_keep_nobody_out(string sizes)
    {
        TestNetwork net = BeginSized(sizes);
        _ = new FairServer(net);
        KeepEarly(net, 3);
        AssertNewcomerIsServed(net);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("firmware")]
    [InlineData("smallest")]
    public void Echo_replies_parked_for_neighbours_that_do_not_answer_keep_nobody_out(string sizes)
    {
        TestNetwork net = BeginSized(sizes);
        _ = new FairServer(net);
        int next = net.Now;
        Ask();
        AssertNewcomerIsServed(net, meanwhile: Ask);

        void Ask()
        {
            while (net.Now - next >= 0)
            {
                next += 250;
                AskFromNowhere(net);
            }
        }
    }

    [Theory]
    [InlineData("default", 4)]
    [InlineData("firmware", 6)]
    [InlineData("firmware", 8)]
    public void Readers_with_a_closed_window_keep_nobody_out(string sizes, int readers)
    {
        TestNetwork net = BeginSized(sizes);
        _ = new FairServer(net);
        KeepWindowsClosed(net, readers);
        AssertNewcomerIsServed(net);
    }

    [Theory]
    [InlineData("default", 4)]
    [InlineData("firmware", 5)]
    public void Connections_that_nobody_reads_keep_nobody_out(string sizes, int connections)
    {
        TestNetwork net = BeginSized(sizes);
        _ = new FairServer(net);
        KeepUnread(net, connections);
        AssertNewcomerIsServed(net);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("firmware")]
    public void Datagrams_that_nobody_reads_keep_nobody_out(string sizes)
    {
        TestNetwork net = BeginSized(sizes);
        _ = new FairServer(net);
        KeepDatagrams(net);
        AssertNewcomerIsServed(net);
    }
}
