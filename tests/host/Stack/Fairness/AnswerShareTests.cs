// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Fairness;

/// <summary>Answers to strangers: who asks without end has his share of errors and of the transmit queue, and no more.</summary>
public sealed class AnswerShareTests : FairnessTest
{
    [Fact]
    public void A_flood_to_closed_ports_does_not_spend_the_errors_of_others_for_long()
    {
        TestNetwork net = BeginSized("default");
        TestHost flooder = net.AddHost(0x020000000030, Wire.Address("192.168.1.30"));
        Assert.True(Ping(net));
        Probe(net, flooder, 1);
        int answered = 0;
        int silence = 0;
        int longest = 0;
        for (int t = 0; t < 60000; t++)
        {
            net.Packets.Clear();
            Probe(net, flooder, t);
            if (t % 1000 == 0)
            {
                Probe(net, net.Client, t);
            }

            bool heard = net.Packets.Exists(p => p.IsIcmp && p.IcmpType == 3 && p.IpDestination == net.Client.Ip);
            answered += heard ? 1 : 0;
            silence = heard ? 0 : silence + 1;
            longest = Math.Max(longest, silence);
            net.Advance(1);
        }

        // one time in eight both are in one group, for five seconds
        Assert.True(answered >= 35, $"{answered} of 60");
        Assert.InRange(longest, 0, 15001);
    }

    [Fact]
    public void One_peer_is_sent_ten_errors_at_once_and_ten_a_second()
    {
        TestNetwork net = BeginSized("default");
        Assert.True(Ping(net));
        net.Packets.Clear();
        for (int t = 0; t < 4000; t++)
        {
            Probe(net, net.Client, t);
            net.Advance(1);
        }

        Assert.InRange(net.Packets.Count(p => p.IsIcmp && p.IcmpType == 3), 40, 60);
    }

    [Fact]
    public void Echo_requests_without_end_leave_half_of_the_transmit_queue_to_others()
    {
        TestNetwork net = BeginSized("default");
        _ = new FairServer(net);
        Assert.True(Ping(net));
        byte[] echo = net.EchoRequest(1, new byte[1000]);

        // the controller sends one frame a millisecond, and twice as many come in
        Newcomer client = new(net, 45000, meanwhile: Pass);
        Pass();
        Pass();
        int time = client.Get();
        net.Interface.SendsLeft = int.MaxValue;
        Assert.InRange(time, 0, 1000);
        Assert.True(net.Stack.Ethernet.Counters.QueueFull > 50, "the queue was never full");

        void Pass()
        {
            for (int i = 0; i < 10; i++)
            {
                net.Interface.SendsLeft = 1;
                for (int n = 0; n < 4; n++)
                {
                    net.Interface.Deliver(echo);
                }

                net.Poll();
                net.Advance(1);
            }
        }
    }

    [Fact]
    public void Answers_wait_in_no_frame_that_is_the_last_of_the_largest_size()
    {
        TestNetwork net = BeginSized("default");
        Assert.True(Ping(net));
        net.Interface.Busy = true;
        for (int i = 0; i < 20; i++)
        {
            net.Deliver(net.EchoRequest(1, new byte[1472]));
            Assert.True(net.Stack.Pool.FreeLargest() >= 1);
        }

        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        net.Interface.Busy = false;
        net.Poll();
        Assert.Equal(5, net.Stack.Pool.FreeLargest());
    }

    private static void Probe(TestNetwork net, TestHost from, int i)
    {
        byte[] datagram = FrameBuilder.Udp(from.Ip, TestNetwork.StackIp, 33000, 33434 + (i % 100), new byte[8]);
        net.DeliverIp(from, FrameBuilder.Ip(from.Ip, TestNetwork.StackIp, 17, datagram));
    }
}
