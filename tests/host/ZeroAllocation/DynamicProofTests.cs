// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace HostTests.ZeroAllocation;

/// <summary>
/// The proof by counting: a thousand requests, from the SYN to the last FIN, on two whole stacks allocate nothing on .NET. It sees
/// boxing, strings, delegates and the like on the way that the traffic takes; structs, which are free on .NET, and what an optimised
/// build keeps off the heap are the static proof's.
/// </summary>
public class DynamicProofTests
{
    private const int WarmUp = 200;
    private const int Requests = 1000;

    // each lost frame takes a second or more of virtual time
    private const int LossyWarmUp = 50;
    private const int LossyRequests = 100;

    [Theory]
    [InlineData(WordOrder.LowByteFirst, WordOrder.LowByteFirst, 100)]
    [InlineData(WordOrder.HighByteFirst, WordOrder.LowByteFirst, 1200)]
    [InlineData(WordOrder.LowByteFirst, WordOrder.HighByteFirst, 5001)]
    public void A_thousand_requests_allocate_nothing(WordOrder serverOrder, WordOrder clientOrder, int bodyLength)
    {
        TwoStacks stacks = new(serverOrder, clientOrder, order => new DigitsPage(order, bodyLength));
        Assert.Equal(0, AllocatedBytes.Of(stacks.Run, WarmUp, Requests));
        Assert.Equal(WarmUp + Requests, stacks.WebClient.Pages);
        Assert.Equal(WarmUp + Requests, (int)stacks.Http.Counters.Pages);
        Assert.Equal(0, stacks.WebClient.Failures);
        Assert.InRange(stacks.WebClient.LastLength, bodyLength + 1, bodyLength + 300);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void A_thousand_requests_of_the_firmware_over_the_chip_allocate_nothing(SpiWordOrder wordOrder)
    {
        BoardAndClient board = new(wordOrder);
        Assert.True(board.TryStart(), board.Application.Ethernet.Fault.ToString());
        Assert.Equal(0, AllocatedBytes.Of(board.Run, WarmUp, Requests));
        Assert.Equal(WarmUp + Requests, board.WebClient.Pages);
        Assert.Equal(WarmUp + Requests, (int)board.Application.Http.Counters.Pages);
        Assert.Equal(0, board.WebClient.Failures);
        Assert.Equal(0, board.Peer.Dropped);
        Assert.Equal(0u, board.Application.Ethernet.Counters.Restarts);
        Assert.True(board.Chip.Violations.Count == 0, board.Chip.Violations.ToString());
    }

    [Theory]
    [InlineData(Firmware.StatusApi.StatusPath)]
    [InlineData(Firmware.LiveStatus.LivePath)]
    [InlineData(Firmware.LivePage.PagePath)]
    public void The_page_and_the_status_allocate_nothing(string path)
    {
        BoardAndClient board = new(SpiWordOrder.LowByteFirst, path);
        Assert.True(board.TryStart(), board.Application.Ethernet.Fault.ToString());
        Assert.Equal(0, AllocatedBytes.Of(board.Run, WarmUp / 4, Requests / 4));
        Assert.Equal((WarmUp + Requests) / 4, board.WebClient.Pages);
        Assert.Equal((WarmUp + Requests) / 4, (int)(board.Application.Http.Counters.Pages + board.Application.Http.Counters.Handled));
        Assert.Equal(0, board.WebClient.Failures);
    }

    [Fact]
    public void Loss_and_retransmission_allocate_nothing()
    {
        TwoStacks stacks = new(WordOrder.LowByteFirst, WordOrder.LowByteFirst, order => new DigitsPage(order, 5001));
        stacks.ServerInterface.LoseEvery = 7;
        stacks.ClientInterface.LoseEvery = 11;
        Assert.Equal(0, AllocatedBytes.Of(stacks.Run, LossyWarmUp, LossyRequests));
        Assert.Equal(LossyWarmUp + LossyRequests, stacks.WebClient.Pages);
        Assert.InRange(stacks.ServerInterface.Lost, 20u, uint.MaxValue);
    }

    [Fact]
    public void Echoes_datagrams_fragments_and_loopback_allocate_nothing()
    {
        DatagramTraffic traffic = new();
        Assert.Equal(0, AllocatedBytes.Of(traffic.Run, WarmUp, Requests));
        Assert.Equal(0, traffic.Failures);
        Assert.Equal(4 * (WarmUp + Requests), traffic.Arrived);
        Assert.Equal(0u, traffic.Stacks.Server.Pool.DoubleReturns + traffic.Stacks.Client.Pool.DoubleReturns);
        Assert.Equal(2u * (WarmUp + Requests), traffic.Stacks.Server.IPv4.Counters.Reassembled);
    }

    [Fact]
    public void After_the_requests_every_frame_is_back_in_its_pool()
    {
        TwoStacks stacks = new(WordOrder.LowByteFirst, WordOrder.LowByteFirst, order => new DigitsPage(order, 1200));
        int serverFree = stacks.Server.Pool.Free;
        int clientFree = stacks.Client.Pool.Free;
        stacks.Run(20);
        stacks.Wait(500_000);
        Assert.Equal(serverFree, stacks.Server.Pool.Free);
        Assert.Equal(clientFree, stacks.Client.Pool.Free);
        Assert.Equal(1, stacks.Server.Tcp.BlocksInUse);
        Assert.Equal(0, stacks.Client.Tcp.BlocksInUse);
        Assert.Equal(0u, stacks.Server.Pool.DoubleReturns + stacks.Client.Pool.DoubleReturns);
    }

    [Fact]
    public void One_array_per_request_is_noticed()
    {
        TwoStacks stacks = new(WordOrder.LowByteFirst, WordOrder.LowByteFirst, order => new AllocatingPage(order));
        Assert.InRange(AllocatedBytes.Of(stacks.Run, 10, 10), 10 * 16, 10 * 64);
        Assert.Equal(0, stacks.WebClient.Failures);
    }
}
