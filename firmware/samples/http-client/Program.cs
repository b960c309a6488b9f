// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net.Http;
using System.Threading;
using nanoFramework.Networking;
using Samples;

namespace HttpClientSample
{
    /// <summary>
    /// nanoFramework's HttpClient over the ENC28J60, as it is: posts a reading as JSON every few seconds, and reads the JSON that is answered, which may say
    /// how many seconds it shall be: {"interval":10}.
    /// </summary>
    public static class Program
    {
        /// <summary>Where to.</summary>
        public const string Url = "http://192.168.1.10:8000/readings";

        private const int LongestInterval = 3600;

        private static int s_interval = 5;

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

            int number = 0;
            using (HttpClient client = new HttpClient())
            {
                while (true)
                {
                    Post(client, ++number);
                    Thread.Sleep(s_interval * 1000);
                }
            }
        }

        private static void Post(HttpClient client, int number)
        {
            string reading = "{\"number\":" + number.ToString() + ",\"seconds\":" + (Environment.TickCount64 / 1000).ToString() + "}";
            try
            {
                using (StringContent content = new StringContent(reading, System.Text.Encoding.UTF8, "application/json"))
                using (HttpResponseMessage answer = client.Post(Url, content))
                {
                    string text = answer.Content.ReadAsString();
                    Console.WriteLine(((int)answer.StatusCode).ToString() + " " + text);
                    int seconds;
                    if (answer.IsSuccessStatusCode && JsonNumber.TryRead(text, "interval", out seconds) && seconds > 0 && seconds <= LongestInterval)
                    {
                        s_interval = seconds;
                    }
                }
            }
            catch (Exception exception)
            {
                // no server, no link, no answer, or the server goes away in the midst of one, for which the library has no type of its own: the next reading
                // may find one
                Console.WriteLine(exception.Message + (exception.InnerException == null ? string.Empty : " " + exception.InnerException.Message));
            }
        }
    }
}
