// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Fairness;

/// <summary>Whatever is held, in whatever sizes: a newcomer is offered a segment, its ping is answered, and it gets what it wants.</summary>
public sealed class NewcomerProperties : FairnessTest
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_any_mixture_of_what_can_be_held_a_newcomer_is_served(int seed)
    {
        Random random = new(seed);
        string sizes = seed % 2 == 0 ? "default" : "firmware";
        TestNetwork net = BeginSized(sizes);
        Hold(net, random, AssertNewcomerIsServed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_two_or_three_sizes_of_frames_too(int seed)
    {
        Random random = new(seed);
        TestNetwork net = Begin(seed % 2 == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst, c => Draw(c, random));
        Hold(net, random, AssertNewcomerIsServed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_fewer_large_frames_than_connections_a_newcomer_is_offered_a_segment_and_heard(int seed)
    {
        Random random = new(seed);
        TestNetwork net = Begin(configure: c =>
        {
            Draw(c, random);
            c.FrameCounts[^1] = random.Next(2, 4);
        });
        Hold(net, random, (n, _, meanwhile) =>
        {
            Newcomer newcomer = new(n, 60000, 3000, meanwhile);
            newcomer.Get();
            Assert.True(newcomer.FirstWindow >= 1460, $"offered {newcomer.FirstWindow}");
            Assert.True(Ping(n), "no answer to a ping of 1472 bytes: " + State(n));
        });
    }

    /// <summary>Sizes in which each connection can have a large frame, and one passes through.</summary>
    private static void Draw(StackConfiguration configuration, Random random)
    {
        Size(configuration, "default");
        configuration.TcpSockets = random.Next(4, 9);
        configuration.UdpSockets = random.Next(3);
        int large = configuration.TcpSockets + configuration.UdpSockets + random.Next(1, 4);
        (configuration.FrameCapacities, configuration.FrameCounts) = random.Next(2) == 0
            ? ((int[])[64, 1518], (int[])[random.Next(8, 20), large])
            : ([64, random.Next(100, 1100), 1518], [random.Next(8, 16), random.Next(1, 6), large]);
        configuration.ReceiveReserve = random.Next(1, 6);
    }

    private void Hold(TestNetwork net, Random random, Action<TestNetwork, int, Action> check)
    {
        _ = new FairServer(net);
        Assert.True(Ping(net));
        int next = net.Now;
        bool asks = random.Next(2) == 0;
        int left = net.Configuration.TcpSockets - 2;
        if (random.Next(2) == 0)
        {
            KeepDatagrams(net);
        }

        for (int i = 0; i < 3 && left > 0; i++)
        {
            int connections = random.Next(1, left + 1);
            left -= connections;
            switch (random.Next(3))
            {
                case 0:
                    KeepEarly(net, connections);
                    break;
                case 1:
                    KeepWindowsClosed(net, connections);
                    break;
                default:
                    KeepUnread(net, Math.Min(connections, 2), 1);
                    break;
            }

            Meanwhile();
        }

        for (int i = 0; i < 100; i++)
        {
            net.Advance(10);
            Meanwhile();
        }

        check(net, 1000, Meanwhile);
        Invariants.Check(net.Stack, net.Configuration);

        void Meanwhile()
        {
            while (asks && net.Now - next >= 0)
            {
                next += 250;
                AskFromNowhere(net);
            }
        }
    }
}
