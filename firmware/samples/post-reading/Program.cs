// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using Firmware;
using Samples;
using TcpIp;
using TcpIp.Http;

namespace PostReading
{
    /// <summary>
    /// Posts a reading to a web server every few seconds, as JSON, over a connection that stays open in between.
    /// </summary>
    public static class Program
    {
        /// <summary>Where readings go. On the virtual board "pc" is your PC. There is no TLS, so it is http.</summary>
        public const string Url = "http://pc:8000/readings";

        private const int Interval = 3000;

        private static readonly byte[] s_body = new byte[64];
        private static readonly byte[] s_answer = new byte[256];
        private static readonly byte[] s_begin = BytesOf("{\"reading\":");
        private static int s_length;
        private static int s_readings;

        /// <summary>
        /// The entry point. From the first request on nothing is allocated, but for what is printed.
        /// </summary>
        public static void Main()
        {
            StackRunner runner;
            Network network = SampleBoard.Begin(new StackConfiguration(), 0, out runner);
            HttpClient client = new HttpClient(network.Stack, new HttpClientConfiguration() { Resolver = network.Resolver });
            HttpRequest request = new HttpRequest("POST", Url, "application/json", "Accept: */*\r\n", network.Stack.Pool.Order);
            runner.Background = new IBackgroundWork[] { network, client };
            Console.WriteLine("Readings go to " + Url);
            while (true)
            {
                WriteReading();
                request.SetBody(s_body, 0, s_length);
                int length = client.Fetch(runner, request, s_answer);
                Console.WriteLine("Reading " + s_readings + ": " + (length < 0 ? HttpClient.Describe(length) : "status " + client.Result + "."));
                runner.Wait(Interval);
            }
        }

        /// <summary>
        /// Lays the body out: your sensor's value in place of a count.
        /// </summary>
        private static void WriteReading()
        {
            s_readings++;
            Array.Copy(s_begin, 0, s_body, 0, s_begin.Length);
            s_length = s_begin.Length;
            int digits = 1;
            for (int rest = s_readings; rest > 9; rest /= 10)
            {
                digits++;
            }

            s_length += digits;
            int value = s_readings;
            for (int i = 1; i <= digits; i++)
            {
                s_body[s_length - i] = (byte)('0' + (value % 10));
                value /= 10;
            }

            s_body[s_length++] = (byte)'}';
        }

        private static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }

            return bytes;
        }
    }
}
