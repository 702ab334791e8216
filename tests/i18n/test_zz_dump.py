import re
from tests.web.conftest import app, prepared, sign_in
from tests.i18n.test_pages import *
from tests.i18n.test_pages import crawl, visible, speak_russian
import html5lib
def test_dump(sign_in):
    out=open('/tmp/i18n/dump.txt','w')
    for role in ('admin','coordinator','case_manager','planner'):
        c=speak_russian(sign_in(role))
        for a,p in crawl(c):
            out.write(f'== {role} {a}\n')
            for t in visible(html5lib.parse(p)):
                t=' '.join(t.split())
                if t: out.write(t+'\n')
