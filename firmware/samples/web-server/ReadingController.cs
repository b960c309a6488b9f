// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Text;
using nanoFramework.WebServer;

namespace WebServerSample
{
    /// <summary>
    /// A reading that can be asked for and set: <c>curl http://board/api/reading</c>, <c>curl -d 21 http://board/api/reading</c>.
    /// </summary>
    public class ReadingController
    {
        private const int LongestBody = 10;

        private static int s_reading = 20;

        /// <summary>
        /// Tells the reading.
        /// </summary>
        /// <param name="e">The request, and what is answered.</param>
        [Route("api/reading")]
        [Method("GET")]
        public void Get(WebServerEventArgs e)
        {
            e.Context.Response.ContentType = "application/json";
            WebServer.OutputAsStream(e.Context.Response, "{\"reading\":" + s_reading.ToString() + "}");
        }

        /// <summary>
        /// Takes a reading: a whole number as text.
        /// </summary>
        /// <param name="e">The request, and what is answered.</param>
        [Route("api/reading")]
        [Method("POST")]
        public void Set(WebServerEventArgs e)
        {
            HttpListenerRequest request = e.Context.Request;
            int reading;
            if (request.ContentLength64 < 1 || request.ContentLength64 > LongestBody || !int.TryParse(ReadText(request), out reading))
            {
                WebServer.OutputHttpCode(e.Context.Response, HttpStatusCode.BadRequest);
                return;
            }

            s_reading = reading;
            WebServer.OutputHttpCode(e.Context.Response, HttpStatusCode.NoContent);
        }

        private static string ReadText(HttpListenerRequest request)
        {
            byte[] body = new byte[(int)request.ContentLength64];
            int length = 0;
            int count = 1;
            while (length < body.Length && count > 0)
            {
                count = request.InputStream.Read(body, length, body.Length - length);
                length += count;
            }

            return Encoding.UTF8.GetString(body, 0, length);
        }
    }
}
