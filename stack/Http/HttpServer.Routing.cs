// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <content>
    /// Which route a request takes, and what is answered where there is none.
    /// </content>
    public sealed partial class HttpServer
    {
        private static readonly byte[] FormType = HttpCharacters.BytesOf("application/x-www-form-urlencoded");

        /// <summary>
        /// The header of a request is complete, or no good.
        /// </summary>
        private void ChooseAnswer(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            connection.Closes = parser.Closes || connection.Requests + 1 >= _limits.Requests || IsCrowded;
            if (parser.KnownLine >= 0 && parser.Status == 0 && !parser.HasBody && parser.ValueOf(HttpRules.IfNoneMatch) == 0)
            {
                BeginPage(connection, _knownRoutes[parser.KnownLine]);
                return;
            }

            int status = parser.Status;
            if (status == 0)
            {
                status = FindRoute(connection);
            }

            HttpRoute route = connection.Route;
            if (status == 0 && parser.HasBody)
            {
                // pages and events leave a body unread, and then nothing can follow it
                status = CheckBody(parser, route);
                connection.Closes |= route.Handler == null;
            }

            if (status != 0)
            {
                Refuse(connection, status);
            }
            else if (route.Page != null && parser.Method == HttpMethods.Get)
            {
                BeginPage(connection, route);
            }
            else if (route.Events != null && parser.Method == HttpMethods.Get)
            {
                BeginViewing(connection);
            }
            else if (route.Handler == null)
            {
                _counters._pages++;
                connection.Begin(HttpPhase.Answering, _now);
            }
            else
            {
                _counters._handled++;
                if (parser.Expects && parser.HasBody)
                {
                    _sockets.Write(connection.Socket, _texts.Continue, 0);
                }

                bool isKept = parser.HasBody && (route.Options & HttpOptions.StreamsBody) == 0;
                connection.Begin(isKept ? HttpPhase.Collecting : HttpPhase.Answering, _now);
            }
        }

        /// <summary>
        /// Finds the route of a request.
        /// </summary>
        /// <returns>0, or the status of the answer.</returns>
        private int FindRoute(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            HttpRoute route = parser.KnownLine >= 0 ? _knownRoutes[parser.KnownLine] : null;
            bool isThere = false;
            for (int i = 0; i < _routeCount && route == null; i++)
            {
                if (parser.IsFor(_routes[i].Path, null))
                {
                    isThere = true;
                    route = (_routes[i].Methods & parser.Method) != 0 ? _routes[i] : null;
                }
            }

            connection.Route = route;
            if (route == null)
            {
                bool isOptions = parser.Method == HttpMethods.Options && (isThere || parser.PathLength == 1);
                return isOptions ? 204 : isThere ? 405 : 404;
            }

            if ((route.Options & HttpOptions.Protected) != 0 && !IsAllowed(parser))
            {
                return 401;
            }

            if (parser.IsForeign && (route.Options & HttpOptions.CrossOrigin) == 0)
            {
                return 403;
            }

            bool wantsBody = (parser.Method & (HttpMethods.Post | HttpMethods.Put | HttpMethods.Patch)) != 0;
            if (wantsBody && parser.BodyLength == -1)
            {
                return 411;
            }

            return route.Page != null && IsKnownTo(parser, route.Page) ? 304 : 0;
        }

        private static int CheckBody(HttpRequestParser parser, HttpRoute route)
        {
            if (parser.IsEncoded)
            {
                return 415;
            }

            if ((route.Options & HttpOptions.Form) != 0)
            {
                // parameters may follow
                int place = parser.ValueOf(HttpRules.ContentType);
                int length = place & 0xFFFF;
                if (length < FormType.Length || !parser.Is(place >> 16, FormType.Length, FormType)
                    || (length > FormType.Length && parser.Text[(place >> 16) + FormType.Length] != ';'))
                {
                    return 415;
                }
            }

            bool isKept = route.Handler != null && (route.Options & HttpOptions.StreamsBody) == 0;
            return isKept && parser.BodyLength > parser.BodyRoom ? 413 : 0;
        }

        /// <summary>Whether who asks knows name and password: all of it is compared, so that the time tells nothing.</summary>
        private bool IsAllowed(HttpRequestParser parser)
        {
            int place = parser.ValueOf(HttpRules.Authorization);
            int start = place >> 16;
            byte[] credentials = _credentials;
            if (credentials == null || (place & 0xFFFF) != credentials.Length)
            {
                return false;
            }

            int differing = 0;
            for (int i = 0; i < credentials.Length; i++)
            {
                // the scheme's case does not count (RFC 9110 section 11.1)
                differing |= (parser.Text[start + i] | (i < 5 ? 0x20 : 0)) ^ credentials[i];
            }

            return differing == 0;
        }

        /// <summary>Whether the client has the content already (RFC 9110 section 13.1.2).</summary>
        private static bool IsKnownTo(HttpRequestParser parser, HttpPage page)
        {
            int place = parser.ValueOf(HttpRules.IfNoneMatch);
            byte[] tag = page.Tag;
            if (place == 0 || tag == null)
            {
                return false;
            }

            int start = place >> 16;
            int end = start + (place & 0xFFFF);
            if (end - start == 1 && parser.Text[start] == '*')
            {
                return true;
            }

            for (; start + tag.Length <= end; start++)
            {
                if (HttpCharacters.AreSame(parser.Text, start, tag))
                {
                    return true;
                }
            }

            return false;
        }

        private void BeginPage(HttpConnection connection, HttpRoute route)
        {
            HttpPage page = route.Page;
            connection.Route = route;
            _counters._pages++;
            if (page.Readers == 0)
            {
                page.Update(_now);
            }

            connection.HoldPage(page);
            connection.Begin(HttpPhase.Sending, _now);
        }

        private void BeginViewing(HttpConnection connection)
        {
            if (_viewers == _limits.Viewers)
            {
                Refuse(connection, 503);
                return;
            }

            int result = _sockets.Write(connection.Socket, _texts.Events, 0);
            if (result < _texts.Events.Length)
            {
                Refuse(connection, 503);
                return;
            }

            // one that is gone does not acknowledge
            _sockets.SetUserTimeout(connection.Socket, HttpEvents.Heartbeat);
            _viewers++;
            connection.Route.Events.Viewers++;
            connection.Sent = 0;
            connection.Step = connection.Route.Events.Number - 1;
            connection.Begin(HttpPhase.Viewing, _now);
        }

        /// <summary>
        /// A request is answered with a status.
        /// </summary>
        private void Refuse(HttpConnection connection, int status)
        {
            // what is left of a request cannot be told from the next one
            connection.Closes |= connection.Parser.Closes || !connection.Parser.IsBodyOver || status == 500;
            connection.Status = status;
            switch (status)
            {
                case 404:
                    _counters._notFound++;
                    break;
                case 405:
                case 501:
                    _counters._methodRefused++;
                    break;
                case 204:
                case 304:
                case 500:
                case 503:
                    break;
                default:
                    _counters._badRequests++;
                    break;
            }

            connection.Begin(HttpPhase.Answering, _now);
        }

        private void AnswerStatus(HttpConnection connection)
        {
            int status = connection.Status;
            bool hasText = _context.BeginPlain(status);
            if (status == 204 || status == 405)
            {
                _context.WriteMethods(HttpTexts.Allow, MethodsOf(connection.Parser, HttpOptions.None) | HttpMethods.Options);
            }

            switch (status)
            {
                case 204:
                    HttpMethods open = MethodsOf(connection.Parser, HttpOptions.CrossOrigin);
                    if (open != HttpMethods.None)
                    {
                        // what is not open must not be among it: the browser would ask, and only keep the answer to itself
                        _context.AddLine(HttpTexts.AnyOrigin);
                        _context.WriteMethods(HttpTexts.AllowMethods, open);
                        _context.AddLine(HttpTexts.AllowHeaders);
                    }

                    break;
                case 304:
                    _context.WriteTag(connection.Route.Page.Tag);
                    break;
                case 401:
                    _context.AddLine(HttpTexts.Challenge);
                    break;
                case 503:
                    _context.AddLine(HttpTexts.Retry);
                    break;
            }

            if (hasText)
            {
                _context.WriteWords(status);
            }
        }

        /// <summary>The methods of a path's routes, of all or of those with an option.</summary>
        private HttpMethods MethodsOf(HttpRequestParser parser, HttpOptions option)
        {
            HttpMethods methods = HttpMethods.None;
            for (int i = 0; i < _routeCount; i++)
            {
                if ((_routes[i].Options & option) == option && parser.IsFor(_routes[i].Path, null))
                {
                    methods |= _routes[i].Methods;
                }
            }

            return methods;
        }
    }
}
