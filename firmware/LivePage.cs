// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Http;

namespace Firmware
{
    /// <summary>
    /// The page for people. It stays as it is, so a browser has it after the first time; what it shows its script asks for every two seconds,
    /// one request after the other: so it needs one connection. Each time that is the numbers (<see cref="LiveStatus"/>), and all the rest
    /// (<see cref="StatusApi"/>) every ten seconds and when they say that it has changed. A page that nobody sees asks nothing.
    /// </summary>
    public static class LivePage
    {
        /// <summary>Where the page is.</summary>
        public const string PagePath = "/";

        // no quotation marks, so that the text is here as it is sent. What the board says is numbers and names of its own, never a client's words
        private const string Head = @"<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'><meta name=color-scheme content='light dark'>
<link rel=icon href='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22><rect width=%2232%22 height=%2232%22 rx=%228%22 fill=%22%230d8f7a%22/><path d=%22M8 11h16v11h-4v-4h-2v4h-4v-4h-2v4H8z%22 fill=%22white%22/></svg>'>
<title>";

        private const string Body = @"</title><style>
:root{--bg:#eef2f1;--card:#fff;--ink:#1d2b2a;--dim:#5e706d;--line:#dfe7e5;--in:#0d8f7a;--out:#d9762b;--bad:#c0392b}
@media(prefers-color-scheme:dark){:root{--bg:#0f1716;--card:#18221f;--ink:#e4eeeb;--dim:#8fa39e;--line:#263430;--in:#3fd0b3;--out:#f0a35e;--bad:#ff7b6b}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
header,main{max-width:1120px;margin:auto;padding:0 16px}
header{display:flex;align-items:center;gap:12px;padding-top:18px;padding-bottom:14px}
header svg{width:38px;flex:none}
h1{font-size:19px;margin:0;line-height:1.2}
header p{margin:0;color:var(--dim)}
#s{margin-left:auto;white-space:nowrap;font-size:13px;padding:4px 11px;border-radius:99px;background:var(--card);border:1px solid var(--line)}
#s:before{content:'';display:inline-block;width:8px;height:8px;border-radius:9px;margin-right:7px;background:var(--in)}
#s.bad:before{background:var(--bad)}
main{display:grid;gap:14px;grid-template-columns:repeat(12,1fr);padding-bottom:28px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:14px 16px;grid-column:span 4;min-width:0}
.w{grid-column:span 8}
.a{grid-column:span 12}
h2{margin:0 0 8px;font-size:12px;font-weight:600;letter-spacing:.07em;text-transform:uppercase;color:var(--dim)}
dl{display:grid;grid-template-columns:auto 1fr;margin:0}
dt{color:var(--dim)}
dt,dd{padding:3px 0;border-top:1px solid var(--line)}
dt:first-child,dt:first-child+dd{border:0}
dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;font-weight:500}
.big{font-size:30px;font-weight:650;line-height:1.15;margin-bottom:8px;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
#g{display:block;width:100%;height:158px;overflow:hidden;border-bottom:1px solid var(--line)}
#g path{fill:none;stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
#g .f{stroke:none;opacity:.14}
.k{display:flex;gap:18px;flex-wrap:wrap;font-variant-numeric:tabular-nums;margin-bottom:6px}
.k i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.t{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;white-space:nowrap}
th{text-align:left;font-weight:500;color:var(--dim)}
th,td{padding:4px 8px 4px 0;border-top:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
tr:first-child th{border:0}
#neighbours{font-size:13px;white-space:normal}
.n th:nth-child(n+5),.n td:nth-child(n+5){text-align:right;padding-right:0;padding-left:10px}
.p{margin:0 0 10px}
.p:last-child{margin:0}
.p div{display:flex;justify-content:space-between}
.p b{display:block;position:relative;height:8px;border-radius:9px;background:var(--line);overflow:hidden;margin-top:3px}
.p b u{position:absolute;inset:0 auto 0 0;background:var(--in);opacity:.3}
.p b u+u{opacity:1}
button{all:unset;cursor:pointer;display:flex;align-items:center;gap:12px;font-weight:500;width:100%}
button:focus-visible{outline:2px solid var(--in);outline-offset:4px;border-radius:6px}
button i{width:46px;height:26px;border-radius:99px;background:var(--dim);position:relative;transition:.2s;margin-left:auto}
button i:after{content:'';position:absolute;left:3px;top:3px;width:20px;height:20px;border-radius:99px;background:#fff;transition:.2s}
[aria-checked=true] i{background:var(--in)}
[aria-checked=true] i:after{left:23px}
.r{display:flex;justify-content:space-between;border-top:1px solid var(--line);margin-top:7px;padding-top:7px}
@media(max-width:900px){section,.w{grid-column:span 6}.x,.a{grid-column:span 12}}
@media(max-width:620px){header,main{padding-left:12px;padding-right:12px}section,.w,.a{grid-column:span 12}main{gap:10px}}
</style>
<header><svg viewBox='0 0 32 32'><rect width=32 height=32 rx=8 fill=#0d8f7a /><path d='M8 11h16v11h-4v-4h-2v4h-4v-4h-2v4H8z' fill=#fff /></svg><div><h1 id=h></h1><p id=a>&nbsp;</p></div><span id=s>...</span></header>
<main>
<section class='w x'><h2>Traffic</h2><div class=k><span><i style='background:var(--in)'></i>in <b id=ri>0</b></span><span><i style='background:var(--out)'></i>out <b id=ro>0</b></span><span id=top style='margin-left:auto;color:var(--dim)'></span></div><svg id=g viewBox='0 0 59 100' preserveAspectRatio=none><path class=f style='fill:var(--in)'/><path class=f style='fill:var(--out)'/><path style='stroke:var(--in)'/><path style='stroke:var(--out)'/></svg></section>
<section><h2>Up-time</h2><div class=big id=up>-</div><dl id=time></dl><div class=r><button id=led role=switch aria-checked=false>Output<i></i></button></div><div class=r><span>Input</span><b id=input>-</b></div></section>
<section><h2>Network</h2><dl id=network></dl></section>
<section><h2>Frame pools</h2><div id=pools></div></section>
<section><h2>Neighbours</h2><div class=t><table id=neighbours></table></div></section>
<section class=a><h2>Sockets</h2><div class=t><table class=n id=sockets></table></div></section>
<section><h2>TCP and frames</h2><dl id=traffic></dl></section>
<section><h2>Chip</h2><dl id=chip></dl></section>
<section><h2>Web server</h2><dl id=web></dl></section>
</main>
<script>
let $=i=>document.getElementById(i),q=Promise.resolve(),R=[],n=1,last,at
$('h').textContent=document.title
let list=(i,o)=>$(i).innerHTML=Object.keys(o).map(k=>'<dt>'+k+'<dd>'+o[k]).join('')
let row=(r,t)=>'<tr>'+r.map(c=>'<'+t+'>'+c).join('')
let table=(i,head,rows)=>$(i).innerHTML=row(head,'th')+rows.map(r=>row(r,'td')).join('')
let two=n=>(n<10?'0':'')+n
let size=n=>n<1e3?Math.round(n)+' B':n<1e6?(n/1e3).toFixed(1)+' kB':(n/1e6).toFixed(1)+' MB'
let ip=a=>a=='0.0.0.0'?'-':a
let words=o=>Object.fromEntries(Object.entries(o).map(([k,v])=>[k.replace(/[A-Z]/g,c=>' '+c.toLowerCase()).replace(/^crc/,'CRC'),v]))
function draw(){
let m=Math.max(1e3,...R.flat()),P=$('g').children
$('top').textContent='top '+size(m)+'/s'
for(let i of[0,1]){
let d=R.map((r,n)=>(n?'L':'M')+(60-R.length+n)+' '+(97-r[i]/m*92).toFixed(1)).join('')
P[i+2].setAttribute('d',d);P[i].setAttribute('d',d+'L59 100L'+(60-R.length)+' 100z')}}
function show(s){
let n=s.network,t=s.traffic,u=s.up,now=performance.now()
if(last&&u>=last.up){
let p=(now-at)/1e3,v=k=>((t[k]-last.traffic[k])>>>0)/p,r=[v('bytesIn'),v('bytesOut')]
R.push(r);if(R.length>60)R.shift()
$('ri').textContent=size(r[0])+'/s';$('ro').textContent=size(r[1])+'/s';draw()}
last=s;at=now
$('a').textContent=n.address+' - '+n.from
$('s').textContent=n.state;$('s').className=n.state=='ready'||n.state=='link-local'?'':'bad'
$('up').textContent=(u>=86400?(u/86400|0)+' d ':'')+two((u/3600|0)%24)+':'+two((u/60|0)%60)+':'+two(u%60)
let c=s.time&&new Date(s.time*1e3).toISOString()
list('time',{'Time of day':c?c.slice(11,19)+' UTC':'not known',Date:c?c.slice(0,10):'-','Longest between polls':s.longestPoll+' ms'})
$('led').setAttribute('aria-checked',!!s.led)
$('input').textContent=s.input?'high':'low'
list('network',{Link:n.link?'up':'down',Name:n.name||'-',Address:ip(n.address),'How it came':n.from,Netmask:ip(n.netmask),Router:ip(n.gateway),'DHCP server':ip(n.server),Lease:n.lease?n.lease==4294967295?'forever':Math.round(n.lease/60)+' min':'-'})
$('pools').innerHTML=s.pools.map(p=>'<div class=p><div><span>'+p.size+' B</span><span>'+p.used+' of '+p.total+', most '+p.most+'</span></div><b><u style=width:'+100*p.most/p.total+'%></u><u style=width:'+100*p.used/p.total+'%></u></b></div>').join('')
table('sockets',['Proto','Local','Remote','State','Recv-Q','Send-Q'],s.sockets.map(k=>[k.type,'*:'+k.port,k.peer=='0.0.0.0'?'*:*':k.peer+':'+k.peerPort,k.state,k.in,k.out]))
table('neighbours',['Address','MAC','State'],s.neighbours.map(k=>[k.address,k.mac,k.state]))
list('traffic',words(t));list('chip',words(s.chip));list('web',words(s.web))}
let ask=(p,o)=>q=q.then(()=>fetch(p,o)).then(r=>r.json())
let whole='/api/status'
function poll(){if(!document.hidden)ask(last&&n++%5?'/api/live':whole).then(s=>!s.sockets&&s.changes!=last.changes?ask(whole):s).then(s=>show({...last,...s})).catch(()=>{$('s').textContent='no answer';$('s').className='bad';q=Promise.resolve()})}
$('led').onclick=()=>ask('/api/led',{method:'POST',body:new URLSearchParams({on:last&&last.led?0:1})}).then(r=>{last.led=r.led;$('led').setAttribute('aria-checked',!!r.led)}).catch(()=>q=Promise.resolve())
let busy=0
setInterval(()=>{if(!busy){busy=1;poll();q.finally(()=>busy=0).catch(()=>0)}},2000)
document.onvisibilitychange=poll
poll()
</script>
";

        /// <summary>
        /// Lays the page out. It belongs to the start-up.
        /// </summary>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <returns>The page.</returns>
        public static HttpDocument Create(WordOrder order)
        {
            return new HttpDocument(PagePath, "text/html; charset=utf-8", Head + Board.PageTitle + Body, order);
        }
    }
}
