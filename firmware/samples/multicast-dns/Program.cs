// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net;
using System.Threading;
using Iot.Device.MulticastDns;
using Iot.Device.MulticastDns.Entities;
using Iot.Device.MulticastDns.Enum;
using Iot.Device.MulticastDns.EventArgs;
using nanoFramework.Networking;
using Samples;

namespace MulticastDnsSample
{
    /// <summary>
    /// nanoFramework's MulticastDns over the ENC28J60, as it is: answers whoever asks for <see cref="OwnName"/>, and finds <see cref="OtherName"/>.
    /// </summary>
    public static class Program
    {
        /// <summary>The name of this board: <c>ping board.local</c>.</summary>
        public const string OwnName = "board.local";

        /// <summary>Who is looked for.</summary>
        public const string OtherName = "pc.local";

        private const ushort Internet = 1;
        private const int Interval = 10000;

        private static readonly AutoResetEvent s_ended = new AutoResetEvent(false);

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            EthernetBoard.Begin();
            if (!NetworkHelper.SetupAndConnectNetwork())
            {
                Console.WriteLine("There is no network: " + NetworkHelper.Status.ToString());
                return;
            }

            while (true)
            {
                // a message that it cannot read ends the library's thread: then there is another
                using (MulticastDnsService service = new MulticastDnsService())
                {
                    service.MessageReceived += OnMessage;
                    service.StatusChanged += OnStatus;
                    service.Start();
                    Console.WriteLine(OwnName + " is " + IPAddress.GetDefaultLocalAddress().ToString() + ".");
                    do
                    {
                        Ask(service);
                    }
                    while (!s_ended.WaitOne(Interval, false));
                }

                Thread.Sleep(Interval);
            }
        }

        private static void Ask(MulticastDnsService service)
        {
            Message question = new Message();
            question.AddQuestion(new Question(OtherName, DnsResourceType.A, Internet));
            try
            {
                service.Send(question);
            }
            catch (Exception exception)
            {
                // such as no link; the next question may get through
                Console.WriteLine(exception.Message);
            }
        }

        private static void OnMessage(object sender, MessageReceivedEventArgs e)
        {
            foreach (Question question in e.Message.GetQuestions())
            {
                if (question.QueryType == DnsResourceType.A && question.Domain.ToLower() == OwnName)
                {
                    Response response = new Response();
                    response.AddAnswer(new ARecord(OwnName, IPAddress.GetDefaultLocalAddress()));
                    e.Response = response;
                }
            }

            foreach (Resource resource in e.Message.GetResources())
            {
                ARecord address = resource as ARecord;
                if (address != null && address.Domain.ToLower() == OtherName)
                {
                    Console.WriteLine(OtherName + " is " + address.Address.ToString() + ".");
                }
            }
        }

        private static void OnStatus(object sender, MulticastDnsStatusEventArgs e)
        {
            if (e.Status == MulticastDnsStatus.Error)
            {
                Console.WriteLine(e.Message);
            }
            else if (e.Status == MulticastDnsStatus.Stopped)
            {
                s_ended.Set();
            }
        }
    }
}
